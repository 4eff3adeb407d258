/**
 * Forms of the WAF's own pages: where they may come from, and what is in them.
 *
 * @module
 */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { FormForged, FormMalformed } from '../errors.ts';
import { type Keys, keyedHash } from '../keys.ts';

/** What the form of one interaction carries to prove that we made it; bound to the interaction's cookie by its uid. */
export function createFormToken(keys: Pick<Keys, 'hashing'>, uid: string): string {
  return keyedHash(keys, 'form', uid);
}

/**
 * Passes a form that our own page sent, in the browser that has the interaction.
 *
 * @throws {FormForged}
 */
export function checkForm(form: URLSearchParams, headers: IncomingHttpHeaders, expectedToken: string): void {
  if (!isSameOrigin(headers)) throw new FormForged('expected Sec-Fetch-Site: same-origin');
  const token = Buffer.from(form.get('form_token') ?? '');
  const expected = Buffer.from(expectedToken);
  if (token.length !== expected.length || !timingSafeEqual(token, expected)) {
    throw new FormForged('expected the form token of this interaction');
  }
}

/** Browsers alone set this header; pages cannot. A request without it is nobody's form. */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-site'] === 'same-origin';
}

/** @throws {FormMalformed} the field is missing or stands there twice. */
export function readField(form: URLSearchParams, name: string): string {
  const [value, ...more] = form.getAll(name);
  if (value === undefined || more.length > 0) throw new FormMalformed(`expected the field ${name} once`);
  return value;
}
