/**
 * REGISTER from a WIC: chooses how its user is authenticated (TS 33.203 P.3) and answers.
 *
 * @module
 */
import { hasBearerCredentials, parseUri, type SipRequest, type SipResponse } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import { checkRequest } from '../sessions/check-request.ts';
import { withoutRequestClaims } from '../w2/believed.ts';
import type { Connection } from '../w2/connection.ts';
import { answerKeep } from '../w2/keep-alive.ts';
import type { BearerChallenge } from './bearer-challenge.ts';
import { registerByWebCredentials } from './register-by-web-credentials.ts';
import { registerWithoutCredentials } from './register-without-credentials.ts';
import type { RegistrationContext } from './registration-context.ts';

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
  { context, challenge, keepSeconds }: RegisterOptions,
): Promise<SipResponse> {
  const request = { ...received, headers: withoutRequestClaims(received.headers) };
  checkRequest(request);
  checkDomain(request, context.homeDomain);
  const arrived = { request, connection: connection.flow, connectionId: connection.id };
  const response = hasBearerCredentials(request.headers)
    ? await registerByWebCredentials.run(arrived, context)
    : await registerWithoutCredentials(arrived, context, challenge);
  return response.statusCode === 200 ? answerKeep(response, keepSeconds) : response;
}

/** There is one home network behind this edge. */
function checkDomain({ requestUri }: SipRequest, homeDomain: string): void {
  const uri = parseUri(requestUri, 'Request-URI');
  if (uri.scheme === 'tel' || uri.host !== homeDomain) throw new RequestRefused('another domain');
}
