/**
 * The registrar of the S-CSCF (RFC 3261 10.3, TS 24.229 5.4.1.2, TS 33.203 X.3.2.3 steps 6 and 7).
 *
 * What concerns one private identity is done one after the other: registrations, their end, and what the HSS says.
 *
 * @module
 */
import type {
  PushProfileRequest,
  RegistrationTerminationRequest,
  ServerAssignmentType,
  UserProfile,
} from '@wicgate/cx';
import type { Clock, SipResponse } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import type { ArrivedRequest } from '../mw/arrive.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { createRegistrationAnswer } from './registration-answer.ts';
import { bindingKey, type Registration, Registrations } from './registrations.ts';
import { ServerAssignment, type ServerAssignmentOptions } from './server-assignment.ts';
import { type ExpiryRange, type Granted, readWanted, type Wanted } from './wanted.ts';

export interface RegistrarOptions extends ExpiryRange, ServerAssignmentOptions {
  readonly clock: Clock;
  readonly hashIdentity: (impi: string) => string;
  readonly serviceRoute: () => string;
  readonly maxRegistrations: number;
  readonly createToken: () => string;
}

const maxBindings = 10;
const retryAfterSeconds = '60';

export class Registrar {
  readonly registrations: Registrations;
  readonly #options: RegistrarOptions;
  readonly #assignment: ServerAssignment;
  readonly #queue = new KeyedQueue();

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#assignment = new ServerAssignment(options);
    this.registrations = new Registrations(options.clock, (registration) => this.#onExpired(registration));
  }

  /** The answer to a REGISTER. @throws {RequestRefused} @throws {SipError} @throws {CxError} */
  async register(arrived: ArrivedRequest): Promise<SipResponse> {
    const wanted = readWanted(arrived, this.#options);
    return this.#queue.run(wanted.vouched.impi, () => this.#carryOut(wanted));
  }

  /** RTR (TS 29.228 6.1.3): the HSS ends registrations. */
  async terminate({ impi, impus, reasonCode }: RegistrationTerminationRequest): Promise<void> {
    await this.#queue.run(impi, async () => {
      for (const registration of this.registrations.ofImpi(impi)) {
        if (impus.length === 0 || registration.hasAny(impus)) this.#end(registration, reasonCode);
      }
    });
  }

  /** PPR (TS 29.228 6.2.2): the HSS changes what it told. Whether there was anything to change. */
  async changeProfile({ impi, userProfile, allowedWafWwsfIdentities }: PushProfileRequest): Promise<boolean> {
    return this.#queue.run(impi, async () => {
      const impus = userProfile?.implicitRegistrationSet.map(({ impu }) => impu);
      const known = this.registrations.ofImpi(impi);
      const meant = impus === undefined ? known : known.filter((registration) => registration.hasAny(impus));
      for (const registration of meant) {
        if (userProfile !== undefined) this.registrations.replaceProfile(registration, userProfile);
      }
      if (allowedWafWwsfIdentities !== undefined) {
        for (const registration of known) await this.#dropDisallowed(registration, allowedWafWwsfIdentities);
      }
      return meant.length > 0;
    });
  }

  /** A flow failed (430, RFC 5626 5.3): its binding leads nowhere any more. */
  dropBinding(registration: Registration, key: string): void {
    this.registrations.unbind(registration, key);
    this.#log('registration.removed', registration, { reason: 'flow failed', clause: 'RFC 5626 5.3' });
    this.#onExpired(registration);
  }

  async #carryOut(wanted: Wanted): Promise<SipResponse> {
    const { vouched, impu, granted } = wanted;
    const known = this.registrations.find(vouched.impi, impu);
    if (known !== undefined) checkOrder(known, wanted);
    if (granted === 'all' || takesAwayOnly(granted)) return this.#deregister(wanted, known);
    if (granted.length === 0) return this.#answer(wanted, known);
    this.#checkRoom(granted, known);

    const profile = await this.#assignment.register(vouched, impu, known !== undefined);
    const registration = this.#enter(known, profile);
    for (const one of granted) this.#update(registration, wanted, one);
    return this.#answer(wanted, registration);
  }

  async #deregister({ granted, ...wanted }: Wanted, known: Registration | undefined): Promise<SipResponse> {
    if (known === undefined) {
      await this.#deregisterUnknown(wanted.vouched.impi, wanted.impu);
      return this.#answer(wanted, undefined);
    }
    const keys = granted === 'all' ? [...known.bindings.keys()] : granted.map(({ contact }) => bindingKey(contact));
    for (const key of keys) this.registrations.unbind(known, key);
    if (known.bindings.size > 0) return this.#answer(wanted, known);
    await this.#deassign(known, 'USER_DEREGISTRATION');
    return this.#answer(wanted, undefined);
  }

  /** After a restart the HSS may still count as registered whom we do not know. */
  async #deregisterUnknown(impi: string, impu: string): Promise<void> {
    const { name } = await this.#assignment.end(impi, impu, 'USER_DEREGISTRATION');
    if (name === 'DIAMETER_ERROR_USER_UNKNOWN' || name === 'DIAMETER_ERROR_IDENTITIES_DONT_MATCH')
      throw new RequestRefused(403, 'Registration refused by the HSS');
  }

  /** Before anything changes: all contacts of a REGISTER are bound, or none (RFC 3261 10.3 step 8). */
  #checkRoom(granted: readonly Granted[], known: Registration | undefined): void {
    const { maxRegistrations } = this.#options;
    if (known === undefined && this.registrations.size >= maxRegistrations) {
      throw new RequestRefused(503, 'Too many registrations', [['Retry-After', retryAfterSeconds]]);
    }
    const keys = new Set(known?.bindings.keys());
    for (const { contact, seconds } of granted) {
      if (seconds > 0) keys.add(bindingKey(contact));
      else keys.delete(bindingKey(contact));
    }
    if (keys.size > maxBindings) throw new RequestRefused(403, 'Too many contacts');
  }

  #enter(known: Registration | undefined, profile: UserProfile | undefined): Registration {
    if (known !== undefined) {
      if (profile !== undefined) this.registrations.replaceProfile(known, profile);
      return known;
    }
    if (profile === undefined) throw new RequestRefused(500, 'The HSS sent no profile');
    return this.registrations.add(profile);
  }

  #update(registration: Registration, wanted: Wanted, { contact, seconds }: Granted): void {
    const key = bindingKey(contact);
    if (seconds === 0) {
      this.registrations.unbind(registration, key);
      return;
    }
    const isKnown = registration.bindings.has(key);
    const now = this.#options.clock.now();
    this.registrations.bind(registration, key, {
      contact,
      path: wanted.path,
      callId: wanted.callId,
      cseq: wanted.cseq,
      thirdParties: wanted.vouched.thirdParties,
      expiresAt: now + seconds * 1_000,
      updatedAt: now,
    });
    const event = isKnown ? 'registration.refreshed' : 'registration.created';
    this.#log(event, registration, { seconds, clause: 'TS 33.203 X.3.2.3', step: '6.1' });
  }

  /** X.3.2.3 step 6.2, for registrations that stand when the list changes. */
  async #dropDisallowed(
    registration: Registration,
    allowed: NonNullable<PushProfileRequest['allowedWafWwsfIdentities']>,
  ): Promise<void> {
    for (const [key, { thirdParties }] of [...registration.bindings]) {
      if (this.#assignment.areAllowed(thirdParties, allowed)) continue;
      this.registrations.unbind(registration, key);
      const reason = 'third party no longer allowed';
      this.#log('registration.removed', registration, { reason, clause: 'TS 33.203 X.3.2.3', step: '6.2' });
    }
    if (registration.bindings.size === 0) await this.#deassign(registration, 'ADMINISTRATIVE_DEREGISTRATION');
  }

  async #deassign(registration: Registration, type: ServerAssignmentType): Promise<void> {
    this.#end(registration, type);
    const [first] = registration.profile.implicitRegistrationSet;
    if (first !== undefined) await this.#assignment.end(registration.impi, first.impu, type);
  }

  #end(registration: Registration, reason: string): void {
    this.registrations.remove(registration);
    this.#log('registration.ended', registration, { reason });
  }

  /** The last binding ran out (TS 24.229 5.4.1.5). */
  #onExpired(registration: Registration): void {
    if (registration.bindings.size > 0) return;
    this.#queue
      .run(registration.impi, async () => {
        // Meanwhile it may have been registered anew, or ended otherwise.
        const isOver = registration.bindings.size === 0 && this.registrations.has(registration);
        if (isOver) await this.#deassign(registration, 'TIMEOUT_DEREGISTRATION');
      })
      .catch((cause: unknown) => this.#assignment.logNotTold(cause));
  }

  #answer({ request, path }: Pick<Wanted, 'request' | 'path'>, registration: Registration | undefined): SipResponse {
    const { clock, serviceRoute, createToken } = this.#options;
    const parts = { path, serviceRoute: serviceRoute(), toTag: createToken(), now: clock.now() };
    return createRegistrationAnswer(request, { registration, ...parts });
  }

  #log(
    event: `registration.${'created' | 'refreshed' | 'removed' | 'ended'}`,
    { impi }: Registration,
    fields: Readonly<Record<string, unknown>>,
  ): void {
    const { log, hashIdentity } = this.#options;
    log.info({ event, impi: hashIdentity(impi), ...fields });
  }
}

function takesAwayOnly(granted: readonly Granted[]): boolean {
  return granted.length > 0 && granted.every(({ seconds }) => seconds === 0);
}

/** RFC 3261 10.3 step 7: of one Call-ID a later request has a higher CSeq. */
function checkOrder({ bindings }: Registration, { callId, cseq }: Wanted): void {
  for (const binding of bindings.values()) {
    if (binding.callId === callId && cseq <= binding.cseq) throw new RequestRefused(500, 'REGISTER out of order');
  }
}
