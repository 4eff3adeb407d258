/**
 * A REGISTER without credentials: the core decides how its user may authenticate (TS 33.203 P.3, N.2.1.1 SM1 and SM2).
 *
 * Nothing that the UE says of itself travels on, not even on a bound connection: without a private identity there is no
 * integrity protection to indicate (O.4.3).
 *
 * @module
 */
import { type SipRequest, type SipResponse, wantsOutboundPath } from '@wicgate/sip';
import { RegistrationUnfounded } from '../errors.ts';
import type { Arrived } from './arrived.ts';
import type { BearerChallenge } from './bearer-challenge.ts';
import { readContact } from './granted-contact.ts';
import { toCore, toUe } from './mw-register.ts';
import type { RegistrationContext } from './registration-context.ts';

/**
 * The core's answer for the WIC; a 401 also has `challenge`, which names the WAF, after the core's own challenges.
 * Undefined leaves them as they are: a user who registered otherwise stays with that. So do user agents that keep the
 * last challenge only, and could not answer the core's any more.
 *
 * @throws {RegistrationUnfounded} the core let it pass: nobody has vouched for the user, so nobody is bound.
 */
export async function registerWithoutCredentials(
  { request, connectionId }: Arrived,
  { core, homeDomain, oneChallengeUserAgents, routes }: RegistrationContext,
  challenge: BearerChallenge | undefined,
): Promise<SipResponse> {
  const contact = readContact(request);
  const flow = contact.kind === 'one' ? contact.flow : undefined;
  const name = { impi: '', ...(flow ?? { instance: connectionId, regId: 0 }) };
  const path = routes.path(name, wantsOutboundPath(request));
  const response = toUe(await core.register(toCore(request, { homeDomain, path, authorization: undefined })));
  if (response.statusCode < 300) throw new RegistrationUnfounded();
  if (response.statusCode !== 401 || challenge === undefined) return response;
  if (oneChallengeUserAgents.includes(productOf(request))) return response;
  return { ...response, headers: response.headers.with('WWW-Authenticate', challenge(undefined)) };
}

/** The first product of User-Agent without its version (RFC 3261 20.41), e.g. `JsSIP` of `JsSIP 3.13.8`; '' of none. */
function productOf({ headers }: SipRequest): string {
  const [product = ''] = (headers.first('User-Agent') ?? '').split(/[ /]/u, 1);
  return product;
}
