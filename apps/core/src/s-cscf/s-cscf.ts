/**
 * S-CSCF (TS 24.229 5.4): registers users, and routes their calls and the calls to them.
 *
 * @module
 */
import { baseResult, type CxHss, type CxSCscf } from '@wicgate/cx';
import { canonicalImpu, parseNameAddr, parseUri, type SipRequest } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
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
}

export interface SCscf {
  readonly element: MwElement;
  readonly cx: CxSCscf;
  readonly registrar: Registrar;
  /** SIP URI, known once it listens: the Server-Name on Cx. */
  readonly serverName: () => string;
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
    if (arrived.request.method === 'REGISTER') await registrar.register(arrived);
    else if (isInDialog(arrived.request) && arrived.ownRoute !== undefined) await element.forward(arrived);
    else if (arrived.ownRoute === originating) await originate(arrived);
    else await terminate(arrived);
  }

  /** From one of our users (TS 24.229 5.4.3.2): to the I-CSCF, which finds who serves the called one. */
  async function originate({ transaction, request, isTrusted }: Arrived): Promise<void> {
    if (!isTrusted) throw new RequestRefused(403, 'Originating requests need a trusted peer');
    const asserted = request.headers.all('P-Asserted-Identity').map((value) => canonicalImpu(parseNameAddr(value).uri));
    if (!asserted.some((impu) => registrations.isRegistered(impu)))
      throw new RequestRefused(403, 'Caller not registered');
    const { requestUri } = request;
    const called = parseUri(requestUri, 'Request-URI');
    if (called.scheme !== 'tel' && called.host !== options.homeDomain)
      throw new RequestRefused(404, 'No route to that network');
    const iCscf = options.iCscf();
    element.proxy.forward(transaction, [{ request: recordRoute(request), flow: await element.flowTo(iCscf) }]);
  }

  /** To one of our users (TS 24.229 5.4.3.3): to every place where the user is registered. */
  async function terminate({ transaction, request }: Arrived): Promise<void> {
    const targets = findTargets(registrations, recordRoute(request));
    const reachable = await Promise.all(
      targets.map(async (target) => ({ ...target, flow: await element.flowTo(target.firstHop) })),
    );
    element.proxy.forward(transaction, reachable, {
      onResponse: (response, { request: sent }) => {
        if (response.statusCode !== 430) return response;
        const failed = reachable.find((target) => target.request === sent);
        if (failed !== undefined) dropFlow(failed);
        return { ...response, statusCode: 480, reasonPhrase: 'User not reachable' };
      },
    });
  }

  function dropFlow({ registration, key, binding }: TerminatingTarget): void {
    // It may have been registered anew meanwhile.
    if (registration.bindings.get(key) === binding) registrar.dropBinding(registration, key);
  }

  function recordRoute(request: SipRequest): SipRequest {
    if (!dialogForming.has(request.method)) return request;
    return {
      ...request,
      headers: request.headers.prepend('Record-Route', `<sip:${element.address};transport=tls;lr>`),
    };
  }

  return { element, registrar, serverName, cx: createCx(registrar) };
}

/** The S-CSCF's end of Cx. */
function createCx(registrar: Registrar): CxSCscf {
  return {
    registrationTermination: async (request) => {
      registrar.terminate(request);
      return baseResult('DIAMETER_SUCCESS');
    },
    pushProfile: async ({ impi, userProfile }) => {
      const [registration] = registrar.registrations.ofImpi(impi);
      if (registration === undefined) return { kind: 'experimental', name: 'DIAMETER_ERROR_USER_UNKNOWN' };
      if (userProfile !== undefined) registrar.registrations.replaceProfile(registration, userProfile);
      return baseResult('DIAMETER_SUCCESS');
    },
  };
}

function isInDialog({ headers }: SipRequest): boolean {
  return parseNameAddr(headers.first('To') ?? '', 'To').params.has('tag');
}
