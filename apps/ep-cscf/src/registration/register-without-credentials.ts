/**
 * A REGISTER without Bearer credentials: the core decides how its user may authenticate (TS 33.203 P.3, N.2.1.1).
 *
 * Nothing that the UE says of itself travels on: Digest and AKA are not offered here, so their credentials are not
 * carried either.
 *
 * @module
 */
import { type SipResponse, wantsOutboundPath } from '@wicgate/sip';
import { RegistrationUnfounded } from '../errors.ts';
import type { BearerChallenge } from './bearer-challenge.ts';
import { readContact } from './granted-contact.ts';
import { toCore, toUe } from './mw-register.ts';
import type { Arrived } from './register-by-web-credentials.ts';
import type { RegistrationContext } from './registration-context.ts';

/**
 * The core's answer for the WIC; a 401 also names the WAF, after the core's own challenges.
 *
 * @throws {RegistrationUnfounded} the core let it pass: nobody has vouched for the user, so nobody is bound.
 */
export async function registerWithoutCredentials(
  { request, connectionId }: Arrived,
  { core, homeDomain, routes }: RegistrationContext,
  challenge: BearerChallenge,
): Promise<SipResponse> {
  const contact = readContact(request);
  const flow = contact.kind === 'one' ? contact.flow : undefined;
  const name = { impi: '', ...(flow ?? { instance: connectionId, regId: 0 }) };
  const path = routes.path(name, wantsOutboundPath(request));
  const response = toUe(await core.register(toCore(request, { homeDomain, path, authorization: undefined })));
  if (response.statusCode < 300) throw new RegistrationUnfounded();
  if (response.statusCode !== 401) return response;
  return { ...response, headers: response.headers.with('WWW-Authenticate', challenge(undefined)) };
}
