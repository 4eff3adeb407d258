/**
 * A page with one thing to say, where the WIC cannot say it.
 *
 * @module
 */
import { html } from '@wicgate/node-kit';
import type { Page } from './page.ts';

export interface Notice {
  readonly title: string;
  readonly text: string;
}

export const notFound: Notice = {
  title: 'This page does not exist',
  text: 'The address may be mistyped. The telephone is on the first page.',
};

export const tooFrequent: Notice = {
  title: 'Too many sign-ins',
  text: 'Too many sign-ins came from your network. Try again in a minute.',
};

export const full: Notice = {
  title: 'Too many people are signing in',
  text: 'There is no room for another sign-in right now. Try again in a minute.',
};

export const forged: Notice = {
  title: 'This form cannot be accepted',
  text: 'It did not come from our own page in this browser, or is too old. Start again.',
};

export function noticePage({ title, text }: Notice, status: number): Page {
  return {
    status,
    title,
    body: html`<h1>${title}</h1>
<p class="lead">${text}</p>
<a class="primary" href="/">Go to the telephone</a>`,
  };
}
