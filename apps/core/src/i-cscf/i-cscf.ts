/**
 * I-CSCF (TS 24.229 5.3): finds the S-CSCF of the user who registers or is called.
 *
 * @module
 */
import type { CxHss } from '@wicgate/cx';
import { prepareForward, type SipRequest, TransportFailed } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { NoRoute, RequestRefused } from '../errors.ts';
import { checkStranger } from '../mw/check-stranger.ts';
import { type Arrived, MwElement, type MwElementOptions } from '../mw/mw-element.ts';
import { locateCalledUser } from './locate-called-user.ts';
import { selectForRegistration } from './select-for-registration.ts';

export interface ICscfOptions extends Omit<MwElementOptions, 'name' | 'handle'> {
  readonly hss: CxHss;
  readonly homeDomain: string;
  /** SIP URI of the S-CSCF that serves users whom nobody serves yet. */
  readonly defaultServerName: () => string;
}

interface Server {
  /** SIP URI. */
  readonly name: string;
  readonly flow: NodeFlow;
}

/** Asks the HSS; `isOther` where the S-CSCF that serves the user does not answer. */
type AskHss = (isOther: boolean) => Promise<string | undefined>;

interface Parts extends Pick<ICscfOptions, 'hss' | 'homeDomain' | 'defaultServerName'> {
  readonly element: MwElement;
}

export function createICscf({ hss, homeDomain, defaultServerName, ...options }: ICscfOptions): MwElement {
  const element: MwElement = new MwElement({
    ...options,
    name: 'i-cscf',
    handle: (arrived) => handle(arrived, { element, hss, homeDomain, defaultServerName }),
  });
  return element;
}

async function handle(arrived: Arrived, parts: Parts): Promise<void> {
  if (arrived.request.method === 'REGISTER') await register(arrived, parts);
  else await terminate(arrived, parts);
}

async function register(arrived: Arrived, parts: Parts): Promise<void> {
  const server = await findServer((isOther) => selectForRegistration(arrived, { ...parts, isOther }), parts);
  // TS 24.229 5.3.1.2: the REGISTER goes on to the S-CSCF's name.
  const { request } = prepareForward(withoutRoute(arrived.request), { requestUri: server.name });
  parts.element.forwardTo(arrived.transaction, [{ request, flow: server.flow }]);
}

/** Initial requests to a user; the I-CSCF stays out of the dialog. */
async function terminate(arrived: Arrived, parts: Parts): Promise<void> {
  checkStranger(arrived, parts.homeDomain);
  const { transaction, request } = arrived;
  const server = await findServer((isOther) => locateCalledUser(request, { ...parts, isOther }), parts);
  const sent = prepareForward(withoutRoute(request), { routes: [`${server.name};lr`] });
  parts.element.forwardTo(transaction, [{ request: sent.request, flow: server.flow }]);
}

/** The HSS says where it goes, and nobody else. */
function withoutRoute(request: SipRequest): SipRequest {
  return { ...request, headers: request.headers.without('Route') };
}

/** TS 24.229 5.3.1.3: the S-CSCF that serves the user, or another where that one cannot be reached. */
async function findServer(ask: AskHss, { element, defaultServerName }: Parts): Promise<Server> {
  const name = (await ask(false)) ?? defaultServerName();
  const flow = await reach(name, element);
  if (flow !== undefined) return { name, flow };
  const other = (await ask(true)) ?? defaultServerName();
  const otherFlow = other === name ? undefined : await reach(other, element);
  if (otherFlow === undefined) throw new RequestRefused('S_CSCF_UNREACHABLE');
  return { name: other, flow: otherFlow };
}

async function reach(serverName: string, element: MwElement): Promise<NodeFlow | undefined> {
  try {
    return await element.flowTo(serverName);
  } catch (error) {
    if (error instanceof TransportFailed || error instanceof NoRoute) return undefined;
    throw error;
  }
}
