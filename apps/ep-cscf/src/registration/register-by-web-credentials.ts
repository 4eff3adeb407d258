/**
 * Registration of a WIC by web credentials (TS 33.203 X.3.2.3; X.4.2.3, where its WWSF has assigned it an identity from
 * a pool, in the same steps).
 *
 * The WAF has authenticated the user. The eP-CSCF validates the WAF's token and then vouches for the user towards the
 * core, by trusted node authentication (TS 33.203 annex U). Steps 0 to 2 happen at the WWSF and in the WebSocket
 * handshake, step 6 in the S-CSCF.
 *
 * @module
 */
import { findBearerToken, formatAuthorization, HeaderMalformed, wantsOutboundPath } from '@wicgate/sip';
import type { Grant } from '../authorization/access-token.ts';
import { AccessTokenInvalid, AccessTokenMalformed, IdentityNotGranted } from '../errors.ts';
import { type Arrived, readIdentity } from './arrived.ts';
import { type Answered, answerWic, bindToTlsSession } from './bind-to-tls-session.ts';
import { type ConfinedFlow, confineFlow } from './confine-flow.ts';
import { toCore } from './mw-register.ts';
import { procedure } from './procedure.ts';
import type { RegistrationContext } from './registration-context.ts';
import { onWordOf, type Voucher, vouchFor } from './voucher.ts';

/** Takes a REGISTER with Bearer credentials to the answer for the WIC. */
export const registerByWebCredentials = procedure<Arrived>('TS 33.203 X.3.2.3')
  .step('3.1', readAccessToken)
  .step('4.1', validateAccessToken)
  .step('4.1', confineIdentities)
  .step('5.1', vouchForUser)
  .step('5.2', nameThirdParty)
  .step('6.1', askCore)
  .step('7.1', bindToTlsSession)
  .step('7.1', keepUnlessRevoked)
  .step('8.1', answerWic);

// What is known after each step.
interface Presented extends Arrived {
  readonly accessToken: string;
}
interface Authorised extends Arrived {
  readonly grant: Grant;
}
interface Confined extends Authorised, ConfinedFlow {
  readonly aor: string;
}
interface Vouched extends Confined {
  readonly voucher: Voucher;
}

function readAccessToken(arrived: Arrived): Presented {
  try {
    const accessToken = findBearerToken(arrived.request.headers);
    if (accessToken === undefined) throw new AccessTokenMalformed();
    return { ...arrived, accessToken };
  } catch (cause) {
    if (!(cause instanceof HeaderMalformed)) throw cause;
    // The cause says where the credential broke off, never what it was.
    throw new AccessTokenMalformed({ cause });
  }
}

async function validateAccessToken(
  { accessToken, ...arrived }: Presented,
  { waf }: RegistrationContext,
): Promise<Authorised> {
  return { ...arrived, grant: await waf.validate(accessToken) };
}

/**
 * To and From must be granted: the HSS would let a user register any identity of the subscription (TS 33.203 X.3.1
 * REQ 2.4).
 */
function confineIdentities(authorised: Authorised, { flows }: RegistrationContext): Confined {
  const { request, grant } = authorised;
  const aor = readIdentity(request, 'To');
  if (!grant.impus.has(aor)) throw new IdentityNotGranted('To');
  if (!grant.impus.has(readIdentity(request, 'From'))) throw new IdentityNotGranted('From');
  return { ...authorised, ...confineFlow(authorised, grant.impi, flows), aor };
}

function vouchForUser(confined: Confined, { homeDomain }: RegistrationContext): Vouched {
  return { ...confined, voucher: vouchFor(confined.grant.impi, homeDomain) };
}

/** So that the S-CSCF can check and bar them. */
function nameThirdParty(vouched: Vouched): Vouched {
  return { ...vouched, voucher: onWordOf(vouched.grant.thirdParty, vouched.voucher) };
}

/** The token goes no further than here. */
async function askCore(
  { voucher, ...confined }: Vouched,
  { core, homeDomain, routes }: RegistrationContext,
): Promise<Answered> {
  const authorization = formatAuthorization('Digest', voucher);
  const path = routes.path(confined.flow, wantsOutboundPath(confined.request));
  const response = await core.register(toCore(confined.request, { homeDomain, path, authorization }));
  return { ...confined, response, authorization: confined.grant };
}

/** The WAF may have revoked the token while the core was asked: then nothing of it stays. */
async function keepUnlessRevoked(
  granted: Answered,
  { waf, flows, deregisterFlow }: RegistrationContext,
): Promise<Answered> {
  const flow = flows.find(granted.flow);
  // Another connection may have taken the flow over with a token of its own.
  if (flow?.authorization === undefined || !waf.isRevoked(flow.authorization.token)) return granted;
  await deregisterFlow(flow);
  flows.revoke(flow.name);
  throw new AccessTokenInvalid('revoked');
}
