/**
 * Deregistration of a flow on the network's behalf, when the WAF has revoked what it stands on.
 *
 * The user is not asked: the eP-CSCF, which vouched for them by trusted node authentication, says by the same means that
 * it does so no longer (TS 33.203 annex U; RFC 3261 10.2.2).
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { type Clock, formatAuthorization, formatContact, Headers, noBody, quoted, type SipRequest } from '@wicgate/sip';
import type { EpCscfLogger } from '../log-event.ts';
import type { OwnRoutes } from '../mw/own-routes.ts';
import type { FlowName } from './flow-name.ts';
import { toCore } from './mw-register.ts';
import type { RegisteredFlow, Registration } from './registered-flows.ts';
import type { CorePort } from './registration-context.ts';
import { onWordOf, vouchFor } from './voucher.ts';

export interface DeregisterFlowContext {
  readonly log: EpCscfLogger;
  readonly hashIdentity: (impi: string) => string;
  readonly homeDomain: string;
  readonly core: Pick<CorePort, 'deregister'>;
  readonly routes: OwnRoutes;
  readonly clock: Clock;
}

/** Nobody stays because the core is slow. */
const patienceMs = 500;

/** Comes back when the core has answered, or has had its time. Never rejects. */
export async function deregisterFlow(flow: RegisteredFlow, context: DeregisterFlowContext): Promise<void> {
  const asked = Promise.all(flow.registrations.map((registration) => deregister(flow, registration, context)));
  await new Promise<void>((resolve, reject) => {
    const stop = context.clock.after(patienceMs, resolve);
    asked
      .then(() => {
        stop();
        resolve();
      })
      .catch(reject);
  });
}

async function deregister(
  flow: RegisteredFlow,
  registration: Registration,
  context: DeregisterFlowContext,
): Promise<void> {
  const { log, core } = context;
  const impi = context.hashIdentity(flow.name.impi);
  try {
    const { statusCode } = await core.deregister(createRequest(flow, registration, context));
    if (statusCode !== 200) log.warn({ event: 'deregistration.refused', impi, statusCode });
  } catch (cause) {
    log.error({ event: 'deregistration.failed', impi, cause, ...failed });
  }
}

const failed = {
  effect: 'a registration without its flow stays in the core until it expires',
  action: 'look whether the I-CSCF runs',
};

function createRequest(
  { name, authorization }: RegisteredFlow,
  { aor, contactUri, isOutbound }: Registration,
  { homeDomain, routes }: DeregisterFlowContext,
): SipRequest {
  const headers = Headers.of(
    ['Max-Forwards', '70'],
    ['From', `<${aor}>;tag=${randomUUID()}`],
    ['To', `<${aor}>`],
    ['Call-ID', randomUUID()],
    ['CSeq', '1 REGISTER'],
    ['Contact', formatContact({ displayName: undefined, uri: contactUri, params: paramsOf(name) })],
    ['Expires', '0'],
    ['Supported', isOutbound ? 'path, outbound' : 'path'],
  );
  const request = { method: 'REGISTER', requestUri: `sip:${homeDomain}`, headers, body: noBody };
  const voucher = onWordOf(authorization?.thirdParty, vouchFor(name.impi, homeDomain));
  const path = routes.path(name, isOutbound);
  return toCore(request, { homeDomain, path, authorization: formatAuthorization('Digest', voucher) });
}

/** As they were registered: the registrar knows the contact by them (RFC 5626 6). */
function paramsOf({ instance, regId }: FlowName): ReadonlyMap<string, string> {
  if (regId === 0) return new Map();
  return new Map([
    ['+sip.instance', quoted(`<${instance}>`)],
    ['reg-id', String(regId)],
  ]);
}
