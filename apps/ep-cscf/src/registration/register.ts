/**
 * REGISTER from a WIC: chooses how its user is authenticated (TS 33.203 P.3) and answers.
 *
 * @module
 */
import { parseUri, type SipRequest, type SipResponse } from '@wicgate/sip';
import { isEmergencyRegistration } from '../emergency/emergency-contact.ts';
import { RequestRefused } from '../errors.ts';
import { checkRequest } from '../sessions/check-request.ts';
import { withoutRequestClaims } from '../w2/believed.ts';
import type { Connection } from '../w2/connection.ts';
import { answerKeep } from '../w2/keep-alive.ts';
import type { Arrived } from './arrived.ts';
import type { BearerChallenge } from './bearer-challenge.ts';
import { registerByDigest } from './register-by-digest.ts';
import { registerByWebCredentials } from './register-by-web-credentials.ts';
import { registerWithoutCredentials } from './register-without-credentials.ts';
import type { RegistrationContext } from './registration-context.ts';
import { type Scheme, type Selected, selectScheme } from './select-scheme.ts';

export interface RegisterOptions {
  readonly context: RegistrationContext;
  readonly challenge: BearerChallenge;
  readonly keepSeconds: number;
}

/**
 * The answer to a REGISTER. What the UE may not say is gone before anything is decided.
 *
 * @throws {EpCscfError} it is refused. @throws {SipError}
 */
export async function register(
  received: SipRequest,
  connection: Connection,
  options: RegisterOptions,
): Promise<SipResponse> {
  const { context, keepSeconds } = options;
  const request = { ...received, headers: withoutRequestClaims(received.headers) };
  checkRequest(request);
  checkDomain(request, context.homeDomain);
  // In an emergency each scheme will do (TS 33.203 P.4.1), and says nothing of the ordinary registration.
  const isOrdinary = !isEmergencyRegistration(request);
  const isBound = (): boolean => isOrdinary && context.flows.ofConnection(connection.flow) !== undefined;
  const held = isBound() ? connection.scheme : undefined;
  const selected = selectScheme(request.headers);
  checkScheme(selected, held);
  const arrived = { request, connection: connection.flow, connectionId: connection.id };
  const response = await authenticate(arrived, selected, { ...options, held });
  if (response.statusCode !== 200) return response;
  if (isBound()) connection.scheme = selected.scheme;
  return answerKeep(response, keepSeconds);
}

/** A subsequent registration goes on with the mechanism of the first (P.3). */
function checkScheme({ scheme }: Selected, held: Scheme | undefined): void {
  if (scheme !== undefined && held !== undefined && scheme !== held) throw new RequestRefused('another scheme');
}

function authenticate(
  arrived: Arrived,
  selected: Selected,
  { context, challenge, held }: RegisterOptions & { readonly held: Scheme | undefined },
): Promise<SipResponse> {
  switch (selected.scheme) {
    case 'web credentials':
      return registerByWebCredentials.run(arrived, context);
    case 'SIP Digest':
    case 'IMS AKA':
      return registerByDigest.run({ ...arrived, ...selected }, context);
    case undefined: {
      const mayUseToken = held === undefined || held === 'web credentials';
      return registerWithoutCredentials(arrived, context, mayUseToken ? challenge : undefined);
    }
  }
}

/** There is one home network behind this edge. */
function checkDomain({ requestUri }: SipRequest, homeDomain: string): void {
  const uri = parseUri(requestUri, 'Request-URI');
  if (uri.scheme === 'tel' || uri.host !== homeDomain) throw new RequestRefused('another domain');
}
