/**
 * S-CSCF (TS 24.229 5.4): registers users, and routes their calls and the calls to them.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { baseResult, type CxHss, type CxSCscf, experimentalResult } from '@wicgate/cx';
import type { Clock } from '@wicgate/sip';
import { RequestAuthentication } from '../authentication/request-authentication.ts';
import { RequestRefused } from '../errors.ts';
import { checkStranger, isInDialog } from '../mw/check-stranger.ts';
import { type Arrived, MwElement, type MwElementOptions } from '../mw/mw-element.ts';
import type { BarredAuthorities } from './barring/barred-authorities.ts';
import { type OriginateOptions, originate } from './originate.ts';
import { Registrar } from './registrar.ts';
import { RegistrationEvent } from './registration-event/registration-event.ts';
import { admitStranger } from './stranger-registration.ts';
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
  readonly barredAuthorities: BarredAuthorities;
  /** `host` and `host:port` of the home network, beside ours, that digest-uri may name. */
  readonly digestTargets: () => readonly string[];
  /** Users of SIP Digest prove with each request who they are (TS 33.203 N.2.1.2). */
  readonly challengesRequests: boolean;
}

export interface SCscf {
  readonly element: MwElement;
  readonly cx: CxSCscf;
  readonly registrar: Registrar;
  readonly registrationEvent: RegistrationEvent;
  /** SIP URI, known once it listens: the Server-Name on Cx. */
  readonly serverName: () => string;
}

interface Parts extends Pick<SCscfOptions, 'homeDomain' | 'iCscf'> {
  readonly element: MwElement;
  readonly registrar: Registrar;
  readonly registrationEvent: RegistrationEvent;
  readonly admit: (arrived: Arrived) => Promise<void>;
  readonly authenticate: OriginateOptions['authenticate'];
}

/** The user part of the Service-Route: what comes by it is from one of our users (TS 24.229 5.4.1.2.2F). */
const originating = 'orig';

export function createSCscf(options: SCscfOptions): SCscf {
  const { homeDomain, iCscf } = options;
  const element: MwElement = new MwElement({
    ...options,
    name: 's-cscf',
    handle: (arrived) =>
      handle(arrived, { element, registrar, registrationEvent, homeDomain, iCscf, admit, authenticate }),
  });
  const admit = (arrived: Arrived): Promise<void> => admitStranger(arrived, { ...options, serverName });
  const serverName = (): string => `sip:${element.address};transport=tls`;
  const registrar = new Registrar({
    ...options,
    clock: element.endpoint.clock,
    random: (length) => randomBytes(length),
    serverName,
    serviceRoute: () => `sip:${originating}@${element.address};transport=tls;lr`,
    createToken: () => element.endpoint.layer.createToken(),
  });
  const authenticate = createRequestAuthentication(options, registrar, element.endpoint.clock);
  const registrationEvent = new RegistrationEvent({
    element,
    registrations: registrar.registrations,
    // The user's own, and that of each P-CSCF.
    maxSubscriptions: 4 * options.maxRegistrations,
  });
  return { element, registrar, registrationEvent, serverName, cx: createCx(registrar) };
}

/** N.2.1.2, where the operator wants it. */
function createRequestAuthentication(
  { homeDomain, challengesRequests }: SCscfOptions,
  { registrations, authentication: { passwords } }: Registrar,
  clock: Clock,
): OriginateOptions['authenticate'] {
  if (!challengesRequests) return (request) => request;
  const engine = new RequestAuthentication({
    clock,
    random: (length) => randomBytes(length),
    homeDomain,
    passwords,
    findUsers: (impu) =>
      registrations
        .ofImpu(impu)
        .filter(({ impus }) => impus.includes(impu))
        .map(({ impi }) => impi),
  });
  return (request) => engine.authenticate(request);
}

async function handle(arrived: Arrived, parts: Parts): Promise<void> {
  const { transaction, request, ownRoute, isTrusted } = arrived;
  const { element, registrar, homeDomain } = parts;
  if (request.method === 'REGISTER') {
    if (!isTrusted) await parts.admit(arrived);
    element.answer(transaction, await registrar.register(arrived));
    return;
  }
  if (ownRoute === originating && !isTrusted) throw new RequestRefused('UNTRUSTED_ORIGIN');
  checkStranger(arrived, homeDomain);
  const isFirst = !isInDialog(request);
  if (parts.registrationEvent.isFor(arrived)) {
    if (isFirst && ownRoute === originating) parts.authenticate(request);
    parts.registrationEvent.receive(arrived);
  } else if (!isFirst) await continueDialog(arrived, element);
  else if (ownRoute === originating) await originate(arrived, { ...parts, registrations: registrar.registrations });
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
    registrationTermination: (request) => registrar.terminate(request),
    pushProfile: async (request) =>
      (await registrar.changeProfile(request))
        ? baseResult('DIAMETER_SUCCESS')
        : experimentalResult('DIAMETER_ERROR_USER_UNKNOWN'),
  };
}
