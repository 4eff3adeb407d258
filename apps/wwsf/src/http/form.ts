/**
 * Forms of our own pages, and the proof that they are ours.
 *
 * @module
 */
import { FormForged, FormMalformed } from '../errors.ts';
import { isOpaque, isSameOpaque } from '../sessions/opaque.ts';
import type { Sealer } from '../sessions/sealer.ts';
import type { App, Request } from './app.ts';

const bodyLimit = 4_096;
/** Our pages have `Referrer-Policy: no-referrer`: of their forms, browsers hide the Origin too (Fetch 3.2, Origin). */
const withoutReferrer = 'null';

export function acceptForms(app: App): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
}

/** What the form carries to prove that we made it for the browser with this id. */
export function createFormToken(sealer: Pick<Sealer, 'mark'>, browserId: string): string {
  return sealer.mark(`form\0${browserId}`);
}

/**
 * The form that our own page sent; undefined: its token is not of the browser that has `browserId`, whose cookie may have
 * expired since.
 *
 * @throws {FormForged | FormMalformed}
 */
export function readForm(
  { headers, body }: Request,
  { origin, browserId, sealer }: OwnForm,
): URLSearchParams | undefined {
  if (headers['sec-fetch-site'] !== 'same-origin') throw new FormForged('Sec-Fetch-Site of the page of this origin');
  if (!(headers.origin === undefined || headers.origin === origin || headers.origin === withoutReferrer)) {
    throw new FormForged('Origin of this origin');
  }
  if (!(body instanceof URLSearchParams)) throw new FormMalformed('form_token');
  const token = readField(body, 'form_token');
  const isOwn = isOpaque(browserId) && isSameOpaque(token, createFormToken(sealer, browserId));
  return isOwn ? body : undefined;
}

export interface OwnForm {
  readonly origin: string;
  /** From the cookie. */
  readonly browserId: string | undefined;
  readonly sealer: Pick<Sealer, 'mark'>;
}

/** @throws {FormMalformed} the field is missing or stands there twice. */
export function readField(form: URLSearchParams, name: string): string {
  const [value, ...more] = form.getAll(name);
  if (value === undefined || more.length > 0) throw new FormMalformed(name);
  return value;
}
