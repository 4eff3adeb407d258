/**
 * I-CSCF (TS 24.229 5.3): finds the S-CSCF of the user who registers or is called.
 *
 * @module
 */
import type { CxHss } from '@wicgate/cx';
import { type Arrived, MwElement, type MwElementOptions } from '../mw/mw-element.ts';
import { locateCalledUser } from './locate-called-user.ts';
import { selectForRegistration } from './select-for-registration.ts';

export interface ICscfOptions extends Omit<MwElementOptions, 'name' | 'handle'> {
  readonly hss: CxHss;
  readonly homeDomain: string;
  /** SIP URI of the S-CSCF that serves users whom nobody serves yet. */
  readonly defaultServerName: () => string;
}

export function createICscf({ hss, homeDomain, defaultServerName, ...options }: ICscfOptions): MwElement {
  const element: MwElement = new MwElement({ ...options, name: 'i-cscf', handle });

  async function handle(arrived: Arrived): Promise<void> {
    if (arrived.request.method === 'REGISTER') await register(arrived);
    else await terminate(arrived);
  }

  async function register(arrived: Arrived): Promise<void> {
    const serverName = (await selectForRegistration(arrived, { hss, homeDomain })) ?? defaultServerName();
    // TS 24.229 5.3.1.2: the REGISTER goes on to the S-CSCF's name.
    const request = { ...arrived.request, requestUri: serverName };
    element.proxy.forward(arrived.transaction, [{ request, flow: await element.flowTo(serverName) }]);
  }

  /** Initial requests to a user; the I-CSCF stays out of the dialog. */
  async function terminate(arrived: Arrived): Promise<void> {
    const serverName = (await locateCalledUser(arrived.request, { hss, homeDomain })) ?? defaultServerName();
    const headers = arrived.request.headers.without('Route').with('Route', `<${serverName};lr>`);
    await element.forward({ transaction: arrived.transaction, request: { ...arrived.request, headers } });
  }

  return element;
}
