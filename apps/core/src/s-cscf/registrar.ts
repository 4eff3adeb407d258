/**
 * The registrar of the S-CSCF (RFC 3261 10.3, TS 24.229 5.4.1.2, TS 33.203 X.3.2.3 steps 6 and 7).
 *
 * @module
 */
import {
  type CxHss,
  isSuccess,
  type RegistrationTerminationRequest,
  type ServerAssignmentAnswer,
  type ServerAssignmentType,
} from '@wicgate/cx';
import {
  type Clock,
  canonicalImpu,
  createResponse,
  findNumber,
  parseCSeq,
  parseNameAddr,
  parseUri,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import type { CoreLogger } from '../log-event.ts';
import type { Arrived } from '../mw/mw-element.ts';
import { formatContact, type RequestedContact, readContacts } from './contact.ts';
import { bindingKey, type Registration, Registrations } from './registrations.ts';
import { checkThirdParties, readVouching, type Vouched } from './trusted-node-authentication.ts';

export interface RegistrarOptions {
  readonly hss: CxHss;
  readonly clock: Clock;
  readonly log: CoreLogger;
  readonly hashIdentity: (impi: string) => string;
  /** SIP URI of this S-CSCF. */
  readonly serverName: () => string;
  readonly serviceRoute: () => string;
  readonly minExpiresSeconds: number;
  readonly maxExpiresSeconds: number;
  readonly createToken: () => string;
}

/** What a REGISTER asks for, once its sender is authenticated. */
interface Wanted {
  readonly vouched: Vouched;
  readonly impu: string;
  readonly contacts: readonly RequestedContact[] | 'all';
  readonly request: SipRequest;
  readonly path: readonly string[];
}

const maxBindings = 10;

export class Registrar {
  readonly registrations: Registrations;
  readonly #options: RegistrarOptions;
  /** The last REGISTER of each private identity: they are carried out one after the other. */
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.registrations = new Registrations(options.clock, (registration) => this.#onExpired(registration));
  }

  /** @throws {RequestRefused} @throws {SipError} @throws {CxError} */
  async register(arrived: Arrived): Promise<void> {
    const { request } = arrived;
    const wanted: Wanted = {
      vouched: readVouching(arrived),
      impu: canonicalImpu(parseNameAddr(request.headers.first('To') ?? '', 'To').uri),
      contacts: readContacts(request),
      request,
      path: request.headers.all('Path'),
    };
    checkOutbound(wanted);
    const response = await this.#inTurn(wanted.vouched.impi, () => this.#carryOut(wanted));
    arrived.transaction.respond(response);
  }

  /** RTR (TS 29.228 6.1.3): the HSS ends registrations. */
  terminate({ impi, impus, reasonCode }: RegistrationTerminationRequest): void {
    for (const registration of this.registrations.ofImpi(impi)) {
      const isMeant =
        impus.length === 0 || registration.profile.implicitRegistrationSet.some(({ impu }) => impus.includes(impu));
      if (isMeant) this.#end(registration, reasonCode);
    }
  }

  /** A flow failed (430, RFC 5626 5.3): its binding leads nowhere any more. */
  dropBinding(registration: Registration, key: string): void {
    this.registrations.unbind(registration, key);
    if (registration.bindings.size === 0) this.#onExpired(registration);
  }

  async #inTurn<T>(impi: string, run: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(impi) ?? Promise.resolve();
    const turn = before.then(run, run);
    this.#queues.set(impi, turn);
    try {
      return await turn;
    } finally {
      if (this.#queues.get(impi) === turn) this.#queues.delete(impi);
    }
  }

  async #carryOut(wanted: Wanted): Promise<SipResponse> {
    const { vouched, impu, contacts } = wanted;
    const known = this.registrations.find(vouched.impi, impu);
    if (contacts === 'all') return this.#deregisterAll(wanted, known);
    const granted = contacts.map((contact) => ({ contact, seconds: this.#grant(contact, wanted.request) }));
    if (known === undefined && granted.every(({ seconds }) => seconds === 0)) return this.#answer(wanted, undefined);
    if (known !== undefined) this.#checkOrder(known, wanted);

    const registration = await this.#assign(wanted, known);
    for (const { contact, seconds } of granted) this.#update(registration, wanted, contact, seconds);
    if (registration.bindings.size === 0) await this.#deassign(registration, 'USER_DEREGISTRATION');
    return this.#answer(wanted, registration);
  }

  async #deregisterAll(wanted: Wanted, known: Registration | undefined): Promise<SipResponse> {
    if (findNumber(wanted.request.headers, 'Expires') !== 0)
      throw new RequestRefused(400, "Contact '*' needs Expires: 0");
    if (known === undefined) return this.#answer(wanted, undefined);
    this.#checkOrder(known, wanted);
    for (const key of [...known.bindings.keys()]) this.registrations.unbind(known, key);
    await this.#deassign(known, 'USER_DEREGISTRATION');
    return this.#answer(wanted, undefined);
  }

  /** Seconds; 0 removes the binding. @throws {RequestRefused} 423 */
  #grant({ expiresSeconds }: RequestedContact, { headers }: SipRequest): number {
    const { minExpiresSeconds, maxExpiresSeconds } = this.#options;
    const wanted = expiresSeconds ?? findNumber(headers, 'Expires') ?? maxExpiresSeconds;
    if (wanted > 0 && wanted < minExpiresSeconds) {
      throw new RequestRefused(423, 'Interval Too Brief', [['Min-Expires', String(minExpiresSeconds)]]);
    }
    return Math.min(wanted, maxExpiresSeconds);
  }

  /** RFC 3261 10.3 step 7: of one Call-ID a later request has a higher CSeq. */
  #checkOrder(registration: Registration, { request }: Wanted): void {
    const callId = request.headers.first('Call-ID');
    const { number } = parseCSeq(request.headers.first('CSeq') ?? '');
    for (const binding of registration.bindings.values()) {
      if (binding.callId === callId && number <= binding.cseq) throw new RequestRefused(500, 'REGISTER out of order');
    }
  }

  /** SAR (X.3.2.3 step 6.1): tells the HSS, and gets the profile. */
  async #assign({ vouched, impu }: Wanted, known: Registration | undefined): Promise<Registration> {
    const answer = await this.#options.hss.serverAssignment({
      impi: vouched.impi,
      impus: [impu],
      serverName: this.#options.serverName(),
      serverAssignmentType: known === undefined ? 'REGISTRATION' : 'RE_REGISTRATION',
      // The list of third parties comes with the profile; a third party is checked each time.
      userDataAlreadyAvailable: known !== undefined && vouched.authorizationEntity === undefined,
    });
    if (!isAssigned(answer)) throw new RequestRefused(403, `Registration refused by the HSS (${answer.name})`);
    try {
      checkThirdParties(vouched, answer.allowedWafWwsfIdentities);
    } catch (refusal) {
      if (known === undefined) await this.#tell(vouched.impi, [impu], 'ADMINISTRATIVE_DEREGISTRATION');
      throw refusal;
    }
    if (known !== undefined) return known;
    if (answer.userProfile === undefined) throw new RequestRefused(500, 'The HSS sent no profile');
    return this.registrations.add(answer.userProfile);
  }

  #update(registration: Registration, { request, path }: Wanted, contact: RequestedContact, seconds: number): void {
    const { clock, log, hashIdentity } = this.#options;
    const key = bindingKey(contact);
    const isKnown = registration.bindings.has(key);
    if (seconds === 0) {
      this.registrations.unbind(registration, key);
      return;
    }
    if (!isKnown && registration.bindings.size >= maxBindings) throw new RequestRefused(403, 'Too many contacts');
    const now = clock.now();
    this.registrations.bind(registration, key, {
      contact,
      path,
      callId: request.headers.first('Call-ID') ?? '',
      cseq: parseCSeq(request.headers.first('CSeq') ?? '').number,
      expiresAt: now + seconds * 1_000,
      updatedAt: now,
    });
    const event = isKnown ? 'registration.refreshed' : 'registration.created';
    log.info({ event, impi: hashIdentity(registration.impi), seconds, clause: 'TS 33.203 X.3.2.3', step: '6.1' });
  }

  async #deassign(registration: Registration, type: ServerAssignmentType): Promise<void> {
    this.#end(registration, type);
    await this.#tell(
      registration.impi,
      registration.profile.implicitRegistrationSet.slice(0, 1).map(({ impu }) => impu),
      type,
    );
  }

  #end(registration: Registration, reason: string): void {
    const { log, hashIdentity } = this.#options;
    this.registrations.remove(registration);
    log.info({ event: 'registration.ended', impi: hashIdentity(registration.impi), reason });
  }

  async #tell(impi: string, impus: readonly string[], serverAssignmentType: ServerAssignmentType): Promise<void> {
    const serverName = this.#options.serverName();
    await this.#options.hss.serverAssignment({
      impi,
      impus,
      serverName,
      serverAssignmentType,
      userDataAlreadyAvailable: true,
    });
  }

  /** The last binding ran out (TS 24.229 5.4.1.5). */
  #onExpired(registration: Registration): void {
    if (registration.bindings.size > 0) return;
    this.#inTurn(registration.impi, async () => {
      if (registration.bindings.size === 0) await this.#deassign(registration, 'TIMEOUT_DEREGISTRATION');
    }).catch((cause: unknown) => {
      const effect = 'the HSS still counts the user as registered until the next REGISTER';
      this.#options.log.error({ event: 'request.failed', cause, effect, action: 'check that the HSS answers' });
    });
  }

  /** X.3.2.3 step 7 and TS 24.229 5.4.1.2.2F. */
  #answer({ request, path }: Wanted, registration: Registration | undefined): SipResponse {
    const bindings = [...(registration?.bindings.values() ?? [])];
    const now = this.#options.clock.now();
    const left = ({ expiresAt }: { expiresAt: number }): number => Math.max(0, Math.ceil((expiresAt - now) / 1_000));
    const isOutbound = bindings.some(({ contact }) => contact.instance !== undefined && contact.regId !== undefined);
    const headers: [string, string][] = bindings.map((binding) => [
      'Contact',
      formatContact(binding.contact, left(binding)),
    ]);
    if (registration !== undefined && bindings.length > 0) {
      headers.push(...path.map((value): [string, string] => ['Path', value]));
      headers.push(['Service-Route', `<${this.#options.serviceRoute()}>`]);
      headers.push(...registration.impus.map((impu): [string, string] => ['P-Associated-URI', `<${impu}>`]));
      if (isOutbound) headers.push(['Require', 'outbound']);
    }
    headers.push(['Supported', 'path, outbound'], ['Date', new Date().toUTCString()]);
    return createResponse(request, 200, { toTag: this.#options.createToken(), headers });
  }
}

type Assigned = Extract<ServerAssignmentAnswer, { readonly userProfile: unknown }>;

function isAssigned(answer: ServerAssignmentAnswer): answer is Assigned {
  return isSuccess(answer) && 'userProfile' in answer;
}

/** RFC 5626 6: a flow can be kept only where the first hop, the edge proxy, supports outbound. */
function checkOutbound({ contacts, path }: Wanted): void {
  if (contacts === 'all' || !contacts.some(({ regId, instance }) => regId !== undefined && instance !== undefined))
    return;
  const edge = path.at(-1);
  const uri = edge === undefined ? undefined : parseUri(parseNameAddr(edge, 'Path').uri, 'Path');
  if (uri === undefined || !uri.params.has('ob')) throw new RequestRefused(439, 'First Hop Lacks Outbound Support');
}
