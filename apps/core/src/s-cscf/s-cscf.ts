/**
 * S-CSCF (TS 24.229 5.4): registers users, and routes their calls and the calls to them.
 *
 * @module
 */
import { baseResult, type CxHss, type CxSCscf, experimentalResult } from '@wicgate/cx';
import {
  canonicalImpu,
  parseNameAddr,
  parseUri,
  type SipRequest,
  type SipResponse,
  TransportFailed,
} from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { NoRoute, RequestRefused } from '../errors.ts';
import { type Arrived, MwElement, type MwElementOptions } from '../mw/mw-element.ts';
import { Registrar } from './registrar.ts';
import { findTargets, type TerminatingTarget } from './terminating-targets.ts';

export interface SCscfOptions extends Omit<MwElementOptions, 'name' | 'handle'> {
  readonly hss: CxHss;
  readonly homeDomain: string;
  readonly hashIdentity: (impi: string) => string;
  /** SIP URI of the I-CSCF. */
  readonly iCscf: () => string;
  readonly minExpiresSeconds: number;
  readonly maxExpiresSeconds: number;
  readonly maxRegistrations: number;
  readonly barredAuthorities: ReadonlySet<string>;
}

export interface SCscf {
  readonly element: MwElement;
  readonly cx: CxSCscf;
  readonly registrar: Registrar;
  /** SIP URI, known once it listens: the Server-Name on Cx. */
  readonly serverName: () => string;
}

interface ReachableTarget extends TerminatingTarget {
  readonly flow: NodeFlow;
}

/** Requests that make a dialog: their later ones shall pass here too. */
const dialogForming = new Set(['INVITE', 'SUBSCRIBE', 'REFER']);
/** The user part of the Service-Route: what comes by it is from one of our users (TS 24.229 5.4.1.2.2F). */
const originating = 'orig';

export function createSCscf(options: SCscfOptions): SCscf {
  const element: MwElement = new MwElement({ ...options, name: 's-cscf', handle });
  const serverName = (): string => `sip:${element.address};transport=tls`;
  const registrar = new Registrar({
    ...options,
    clock: element.endpoint.clock,
    serverName,
    serviceRoute: () => `sip:${originating}@${element.address};transport=tls;lr`,
    createToken: () => element.endpoint.layer.createToken(),
  });
  const { registrations } = registrar;

  async function handle(arrived: Arrived): Promise<void> {
    const { transaction, request, ownRoute } = arrived;
    if (request.method === 'REGISTER') element.answer(transaction, await registrar.register(arrived));
    else if (isInDialog(request)) await continueDialog(arrived);
    else if (ownRoute === originating) await originate(arrived);
    else await terminate(arrived);
  }

  /** Along the route that the dialog's first request took (RFC 3261 16.4 to 16.6). */
  async function continueDialog(arrived: Arrived): Promise<void> {
    if (arrived.ownRoute === undefined) throw new RequestRefused(481, 'Dialog does not pass here');
    await element.forward(arrived);
  }

  /** From one of our users (TS 24.229 5.4.3.2): to the I-CSCF, which finds who serves the called one. */
  async function originate({ transaction, request, isTrusted }: Arrived): Promise<void> {
    if (!isTrusted) throw new RequestRefused(403, 'Originating requests need a trusted peer');
    const asserted = request.headers.all('P-Asserted-Identity').map((value) => canonicalImpu(parseNameAddr(value).uri));
    if (!asserted.some((impu) => registrations.isRegistered(impu)))
      throw new RequestRefused(403, 'Caller not registered');
    const called = parseUri(request.requestUri, 'Request-URI');
    if (called.scheme !== 'tel' && called.host !== options.homeDomain)
      throw new RequestRefused(404, 'No route to that network');
    const flow = await element.flowTo(options.iCscf());
    element.forwardTo(transaction, [{ request: recordRoute(request), flow }]);
  }

  /** To one of our users (TS 24.229 5.4.3.3): to every place where the user is registered. */
  async function terminate({ transaction, request }: Arrived): Promise<void> {
    const targets = await Promise.all(findTargets(registrations, recordRoute(request)).map(reach));
    const reachable = targets.filter((target) => target !== undefined);
    if (reachable.length === 0) throw new RequestRefused(480, 'User not reachable');
    element.forwardTo(transaction, reachable, {
      onResponse: (response, { request: sent }) =>
        response.statusCode === 430
          ? onFlowFailed(
              response,
              reachable.find((target) => target.request === sent),
            )
          : response,
    });
  }

  /** Undefined where the edge proxy of that contact is gone; other contacts may still be reached. */
  async function reach(target: TerminatingTarget): Promise<ReachableTarget | undefined> {
    try {
      return { ...target, flow: await element.flowTo(target.firstHop) };
    } catch (error) {
      if (error instanceof TransportFailed || error instanceof NoRoute) return undefined;
      throw error;
    }
  }

  /** RFC 5626 5.3: the edge proxy has lost the flow. The caller need not know why. */
  function onFlowFailed(response: SipResponse, target: ReachableTarget | undefined): SipResponse {
    if (target !== undefined) {
      const { registration, key, binding } = target;
      // It may have been registered anew meanwhile.
      if (registration.bindings.get(key) === binding) registrar.dropBinding(registration, key);
    }
    return { ...response, statusCode: 480, reasonPhrase: 'User not reachable' };
  }

  function recordRoute(request: SipRequest): SipRequest {
    if (!dialogForming.has(request.method)) return request;
    const own = `<sip:${element.address};transport=tls;lr>`;
    return { ...request, headers: request.headers.prepend('Record-Route', own) };
  }

  return { element, registrar, serverName, cx: createCx(registrar) };
}

/** The S-CSCF's end of Cx. */
function createCx(registrar: Registrar): CxSCscf {
  return {
    registrationTermination: async (request) => {
      await registrar.terminate(request);
      return baseResult('DIAMETER_SUCCESS');
    },
    pushProfile: async (request) =>
      (await registrar.changeProfile(request))
        ? baseResult('DIAMETER_SUCCESS')
        : experimentalResult('DIAMETER_ERROR_USER_UNKNOWN'),
  };
}

function isInDialog({ headers }: SipRequest): boolean {
  return parseNameAddr(headers.first('To') ?? '', 'To').params.has('tag');
}
