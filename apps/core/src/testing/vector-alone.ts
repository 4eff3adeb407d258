/**
 * AKA of the S-CSCF without its surroundings: a subscriber with real vectors, and the statements of a P-CSCF.
 *
 * @module
 */
import type { MultimediaAuthAnswer, MultimediaAuthRequest } from '@wicgate/cx';
import type { SipRequest } from '@wicgate/sip';
import { expect } from 'vitest';
import type { AuthenticationVerdict } from '../authentication/authentication.ts';
import { AkaSubscriber } from './aka-subscriber.ts';
import { challengesIn, impi, register, startAuthentication } from './digest-alone.ts';

/** What the P-CSCF says, and the algorithm that the user asks for. */
export interface Way {
  readonly protection: string;
  readonly algorithm: string | undefined;
}
export const overTls: Way = { protection: 'tls-connected', algorithm: 'AKAv2-SHA-256' };
export const byIpsec: Way = { protection: 'yes', algorithm: undefined };
export const byStranger: Way = { protection: '', algorithm: undefined };

export const empty = (): SipRequest =>
  register({
    authorization: `Digest username="${impi}",realm="ims.example",nonce="",uri="sip:ims.example",response=""`,
  });

export function startAka(
  way: Way = overTls,
  answer?: MultimediaAuthAnswer | ((request: MultimediaAuthRequest) => MultimediaAuthAnswer),
  subscriber = new AkaSubscriber(),
) {
  const alone = startAuthentication(answer ?? subscriber.multimediaAuth, { username: impi, aka: subscriber.answer });
  // A user with security associations is known already.
  if (way.protection === 'yes') alone.registered.add(impi);
  const stated = (request: SipRequest): SipRequest => {
    const value = request.headers.first('Authorization');
    if (value === undefined) return request;
    const algorithm = way.algorithm === undefined || value.includes('algorithm=') ? '' : `,algorithm=${way.algorithm}`;
    const statement = way.protection === '' ? '' : `,integrity-protected="${way.protection}"`;
    return { ...request, headers: request.headers.set('Authorization', value + algorithm + statement) };
  };
  const authenticate = (request: SipRequest, part: Parameters<typeof alone.authenticate>[1] = {}) =>
    alone.authenticate(stated(request), part);
  return { ...alone, authenticate, subscriber };
}

export const challengeIn = (verdict: AuthenticationVerdict): string => {
  expect(challengesIn(verdict)).toHaveLength(1);
  return challengesIn(verdict)[0]?.[1] ?? '';
};
export const nonceIn = (verdict: AuthenticationVerdict): string =>
  /nonce="(?<nonce>[^"]+)"/u.exec(challengeIn(verdict))?.groups?.nonce ?? '';
export const withParams = (request: SipRequest, change: (value: string) => string): SipRequest => ({
  ...request,
  headers: request.headers.set('Authorization', change(request.headers.first('Authorization') ?? '')),
});
export const refused = { code: 'ERR_CORE_AUTHENTICATION_FAILED', statusCode: 403, headers: [] };
export const rowsOfAka = [
  ['over TLS', overTls, 'AKAv2-SHA-256'],
  ['by IPsec', byIpsec, 'AKAv1-MD5'],
  ['of a stranger', byStranger, 'AKAv1-MD5'],
] as const;
