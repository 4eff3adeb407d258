/**
 * What a person reads when something went wrong: what it means, and the way back.
 *
 * @module
 */
import { html } from '@wicgate/node-kit';
import type { Page, Site } from './page.ts';

export interface Fault {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  /** An OAuth error code or an HTTP status, for whoever runs the site. */
  readonly code: string;
}

export const faults = {
  notFound: {
    status: 404,
    title: 'This page does not exist',
    text: 'The address is wrong, or what was here is gone.',
    code: 'not_found',
  },
  client: {
    status: 404,
    title: 'Nobody to allow here',
    text: 'The address names no site that could call for you. The site that sent you here has made a mistake.',
    code: 'unknown_client',
  },
  expired: {
    status: 400,
    title: 'This sign-in has expired',
    text: 'It took too long, was finished already, or was started in another browser. Start again.',
    code: 'session_expired',
  },
  forged: {
    status: 403,
    title: 'This form cannot be accepted',
    text: 'It did not come from our own page. Start again.',
    code: 'form_refused',
  },
  request: {
    status: 400,
    title: 'This request cannot be accepted',
    text: 'The site that sent you here asked for something that it may not ask for. That is not your fault.',
    code: 'invalid_request',
  },
  host: {
    status: 421,
    title: 'This site is not here',
    text: 'The address names another site than this one.',
    code: 'wrong_host',
  },
  tooMany: {
    status: 429,
    title: 'Too many requests',
    text: 'Too many requests came from your network. Try again in a minute.',
    code: 'too_many_requests',
  },
  busy: {
    status: 503,
    title: 'Too many people are signing in',
    text: 'There is no room for another sign-in right now. Try again in a minute.',
    code: 'too_many_sign_ins',
  },
  tooLarge: {
    status: 413,
    title: 'This request cannot be accepted',
    text: 'It is larger than anything that belongs here.',
    code: 'too_large',
  },
  server: {
    status: 500,
    title: 'Something went wrong on our side',
    text: 'It is not your fault, and we have made a note of it. Try again in a moment.',
    code: 'server_error',
  },
} as const satisfies Readonly<Record<string, Fault>>;

const retryAfterSeconds = 60;

export function errorPage(fault: Fault, { homeName, homeUrl }: Pick<Site, 'homeName' | 'homeUrl'>): Page {
  const waiting = { 'retry-after': String(retryAfterSeconds) };
  return {
    status: fault.status,
    headers: fault.status === 429 || fault.status === 503 ? waiting : {},
    title: fault.title,
    body: html`<h1>${fault.title}</h1>
<p class="lead">${fault.text}</p>
<a class="primary" href="${homeUrl}">Back to ${homeName}</a>
<p class="note">For whoever runs the site: <code>${fault.code}</code></p>`,
  };
}
