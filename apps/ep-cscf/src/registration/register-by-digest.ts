/**
 * Registration of a WIC by SIP Digest over TLS (TS 33.203 X.2.2.3, O.2.3 with N.2.1.1; re-registration O.4.3).
 *
 * The core authenticates the user; the eP-CSCF tells it what the TLS session is worth, and binds the session once the
 * core has accepted. SM1 without credentials is {@link registerWithoutCredentials}'s. IMS AKA differs in what is
 * indicated only (X.2.3.3).
 *
 * @module
 */
import { type DigestCredentials, formatDigestCredentials, type SipResponse, wantsOutboundPath } from '@wicgate/sip';
import { AuthenticationRefused, RegistrationUnfounded, RequestRefused } from '../errors.ts';
import { type Arrived, readIdentity } from './arrived.ts';
import { type Answered, answerWic, bindToTlsSession } from './bind-to-tls-session.ts';
import { type ConfinedFlow, confineFlow } from './confine-flow.ts';
import { toCore, toUe } from './mw-register.ts';
import { canonicalImpi, isPrivateIdentity } from './private-identity.ts';
import { procedure } from './procedure.ts';
import type { RegistrationContext } from './registration-context.ts';

/** Takes a REGISTER with Digest credentials to the answer for the WIC. */
export const registerByDigest = procedure<Presented>('TS 33.203 O.2.3')
  .step('SM7', readPrivateIdentity)
  .step('SM7', confineToBinding)
  .step('SM8', indicateProtection)
  .step('SM8', askCore)
  .step('SM11', judgeAnswer)
  .step('SM11', bindToTlsSession)
  .step('SM12', answerWic);

// What is known after each step.
export interface Presented extends Arrived {
  readonly scheme: 'SIP Digest' | 'IMS AKA';
  readonly credentials: DigestCredentials;
}
interface Identified extends Presented {
  readonly impi: string;
}
interface Confined extends Presented, ConfinedFlow {
  readonly aor: string;
  /** Whether the TLS session is associated with the private identity already. */
  readonly isBound: boolean;
}
interface Protected extends Confined {
  readonly indicator: Indicator | undefined;
}
interface Judged extends Confined {
  readonly response: SipResponse;
}

/** `integrity-protected` (TS 24.229 7.2A.2). */
type Indicator = 'tls-pending' | 'tls-yes' | 'tls-connected';

/**
 * Whoever hashes the user name keeps from us whom to bind. An identity of a pool is its WWSF's to assign, and nobody
 * has a password for it (X.4.1 REQ 3.2).
 */
function readPrivateIdentity(presented: Presented, { pools }: RegistrationContext): Identified {
  const { username, userhash } = presented.credentials;
  if (userhash || !isPrivateIdentity(username)) throw new RequestRefused('no private identity');
  const impi = canonicalImpi(username);
  if (pools.has(impi)) throw new RequestRefused('identity of a pool');
  return { ...presented, impi };
}

/** Whether the public identity is one of the user's the HSS decides (N.2.1.1); nobody registers somebody else. */
function confineToBinding({ impi, ...presented }: Identified, { flows }: RegistrationContext): Confined {
  const { request, connection } = presented;
  const aor = readIdentity(request, 'To');
  if (readIdentity(request, 'From') !== aor) throw new RequestRefused('From of another');
  const confined = confineFlow(presented, impi, flows);
  const isBound = flows.find(confined.flow)?.connection === connection;
  return { ...presented, ...confined, aor, isBound };
}

/**
 * `tls-yes` where the session is bound to this user (O.4.3); before that `tls-pending`, and only beside an answer to a
 * challenge, for the S-CSCF takes nothing less (O.2.3). AKA over TLS is always `tls-connected` (X.2.3.3).
 */
function indicateProtection(confined: Confined): Protected {
  const { scheme, isBound, credentials } = confined;
  const pending = credentials.response === '' ? undefined : 'tls-pending';
  const indicator = isBound ? 'tls-yes' : pending;
  return { ...confined, indicator: scheme === 'IMS AKA' ? 'tls-connected' : indicator };
}

/**
 * Guesses are limited. What comes without an answer to a challenge guesses nothing; nor does the user whom this TLS
 * session is bound to: guessers at the same address shall not push them out.
 */
async function askCore(
  { indicator, ...confined }: Protected,
  { core, homeDomain, routes, failedAuthentications }: RegistrationContext,
): Promise<Judged> {
  const { request, credentials, connection, flow, isBound } = confined;
  const authorization = formatDigestCredentials(withIndicator(credentials, indicator));
  const path = routes.path(flow, wantsOutboundPath(request));
  const ask = (): Promise<SipResponse> => core.register(toCore(request, { homeDomain, path, authorization }));
  const isGuess = credentials.response !== '' && !isBound;
  const response = isGuess ? await failedAuthentications.watch(connection.peer.address, flow.impi, ask) : await ask();
  return { ...confined, response };
}

/** Of the parameters beside those of Digest itself only `auts` is the UE's to write: the core believes the others. */
function withIndicator(credentials: DigestCredentials, indicator: Indicator | undefined): DigestCredentials {
  const params = new Map<string, string>();
  const auts = credentials.params.get('auts');
  if (auts !== undefined) params.set('auts', auts);
  if (indicator !== undefined) params.set('integrity-protected', indicator);
  return { ...credentials, params };
}

/**
 * A refused user loses the connection (O.3.1.1); nobody is bound without having proven anything. An ISIM that asks for
 * another challenge has proven nothing yet (TS 33.203 6.1.3).
 */
function judgeAnswer({ response, isBound, credentials, ...confined }: Judged): Answered {
  if (response.statusCode === 403) throw new AuthenticationRefused(toUe(response));
  const isProven = isBound || (credentials.response !== '' && !credentials.params.has('auts'));
  if (response.statusCode < 300 && !isProven) throw new RegistrationUnfounded();
  return { ...confined, response, authorization: undefined };
}
