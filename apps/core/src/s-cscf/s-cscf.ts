/**
 * S-CSCF (TS 24.229 5.4): registers users, and routes their calls and the calls to them.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { baseResult, type CxHss, type CxSCscf, experimentalResult } from '@wicgate/cx';
import { RequestRefused } from '../errors.ts';
import { checkStranger, isInDialog } from '../mw/check-stranger.ts';
import { type Arrived, MwElement, type MwElementOptions } from '../mw/mw-element.ts';
import { originate } from './originate.ts';
import { Registrar } from './registrar.ts';
import { terminate } from './terminate.ts';

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
  /** `host` and `host:port` of the home network, beside ours, that digest-uri may name. */
  readonly digestTargets: () => readonly string[];
}

export interface SCscf {
  readonly element: MwElement;
  readonly cx: CxSCscf;
  readonly registrar: Registrar;
  /** SIP URI, known once it listens: the Server-Name on Cx. */
  readonly serverName: () => string;
}

interface Parts extends Pick<SCscfOptions, 'homeDomain' | 'iCscf'> {
  readonly element: MwElement;
  readonly registrar: Registrar;
}

/** The user part of the Service-Route: what comes by it is from one of our users (TS 24.229 5.4.1.2.2F). */
const originating = 'orig';

export function createSCscf(options: SCscfOptions): SCscf {
  const { homeDomain, iCscf } = options;
  const element: MwElement = new MwElement({
    ...options,
    name: 's-cscf',
    handle: (arrived) => handle(arrived, { element, registrar, homeDomain, iCscf }),
  });
  const serverName = (): string => `sip:${element.address};transport=tls`;
  const registrar = new Registrar({
    ...options,
    clock: element.endpoint.clock,
    random: (length) => randomBytes(length),
    serverName,
    serviceRoute: () => `sip:${originating}@${element.address};transport=tls;lr`,
    createToken: () => element.endpoint.layer.createToken(),
  });
  return { element, registrar, serverName, cx: createCx(registrar) };
}

async function handle(arrived: Arrived, parts: Parts): Promise<void> {
  const { transaction, request, ownRoute, isTrusted } = arrived;
  const { element, registrar, homeDomain, iCscf } = parts;
  if (request.method === 'REGISTER') {
    element.answer(transaction, await registrar.register(arrived));
    return;
  }
  if (ownRoute === originating && !isTrusted) throw new RequestRefused('UNTRUSTED_ORIGIN');
  checkStranger(arrived, homeDomain);
  if (isInDialog(request)) await continueDialog(arrived, element);
  else if (ownRoute === originating)
    await originate(arrived, { element, registrations: registrar.registrations, homeDomain, iCscf });
  else await terminate(arrived, { element, registrar });
}

/** Along the route that the dialog's first request took (RFC 3261 16.4 to 16.6). */
async function continueDialog(arrived: Arrived, element: MwElement): Promise<void> {
  if (arrived.ownRoute === undefined) throw new RequestRefused('DIALOG_ELSEWHERE');
  await element.forward(arrived);
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
