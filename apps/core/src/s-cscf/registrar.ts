/**
 * The registrar of the S-CSCF (RFC 3261 10.3, TS 24.229 5.4.1.2, TS 33.203 X.3.2.3 steps 6 and 7).
 *
 * What concerns one private identity is done one after the other: registrations, their end, and what the HSS says.
 *
 * @module
 */
import type {
  DeregistrationReasonCode,
  PushProfileRequest,
  RegistrationTerminationAnswer,
  RegistrationTerminationRequest,
  ServerAssignmentType,
  UserProfile,
} from '@wicgate/cx';
import { type Clock, createResponse, MergedRequests, type SipResponse } from '@wicgate/sip';
import type { Accepted, AuthenticationOptions } from '../authentication/authentication.ts';
import { RequestRefused, RequestUnfit } from '../errors.ts';
import type { ArrivedRequest } from '../mw/arrive.ts';
import { checkContinuity } from './check-continuity.ts';
import { excessKeys, ordinaryKeys } from './contact-keys.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { createRegistrationAnswer } from './registration-answer.ts';
import { bindingKey, type GoneEvent, type Registration, Registrations } from './registrations.ts';
import { schemeClauses } from './scheme-clauses.ts';
import { experimentalReasons, ServerAssignment, type ServerAssignmentOptions } from './server-assignment.ts';
import { goneByReason, sparedKeys, terminationAnswer } from './termination.ts';
import { UserAuthentication } from './user-authentication.ts';
import { type ExpiryRange, type Granted, makesFlow, readWanted, takesAwayOnly, type Wanted } from './wanted.ts';

export interface RegistrarOptions
  extends ExpiryRange,
    ServerAssignmentOptions,
    Omit<AuthenticationOptions, 'onUnauthenticated' | 'isRegistered'> {
  readonly clock: Clock;
  readonly hashIdentity: (impi: string) => string;
  readonly serviceRoute: () => string;
  readonly maxRegistrations: number;
  readonly createToken: () => string;
}

/** REGISTERs of one private identity that wait for those before them. */
const maxWaiting = 20;
const retryLater = [['Retry-After', '60']] as const;

export class Registrar {
  readonly registrations: Registrations;
  readonly #options: RegistrarOptions;
  readonly #assignment: ServerAssignment;
  readonly #queue = new KeyedQueue();
  readonly #merged: MergedRequests;
  readonly authentication: UserAuthentication;

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#assignment = new ServerAssignment(options);
    this.#merged = new MergedRequests(options);
    this.registrations = new Registrations(options.clock, (registration) => this.#onExpired(registration));
    const parts = { registrations: this.registrations, assignment: this.#assignment, queue: this.#queue };
    this.authentication = new UserAuthentication({ ...options, ...parts });
  }

  /** The answer to a REGISTER. @throws {CoreError} @throws {SipError} @throws {CxError} */
  async register(arrived: ArrivedRequest): Promise<SipResponse> {
    const wanted = readWanted(arrived, this.#options);
    const merged = this.#merged.inspect(arrived.request);
    if (merged !== undefined) throw new RequestUnfit(merged);
    if (this.#queue.waiting(wanted.impi) >= maxWaiting) throw new RequestRefused('TOO_MANY_REQUESTS', retryLater);
    return this.#queue.run(wanted.impi, () => this.#authenticate(wanted));
  }

  /** RTR (TS 29.228 6.1.3): the HSS ends registrations, but for emergencies. */
  terminate({ impi, impus, reasonCode }: RegistrationTerminationRequest): Promise<RegistrationTerminationAnswer> {
    return this.#queue.run(impi, async () => {
      this.authentication.withdraw(impi);
      const known = this.registrations.ofImpi(impi);
      const meant = known.filter((registration) => impus.length === 0 || registration.hasAny(impus));
      const spared = meant.filter((registration) => sparedKeys(registration, reasonCode).length > 0);
      for (const registration of meant) this.#terminate(registration, reasonCode);
      return terminationAnswer(meant, spared);
    });
  }

  /** PPR (TS 29.228 6.2.2): the HSS changes what it told. Whether there was anything to change. */
  async changeProfile(request: PushProfileRequest): Promise<boolean> {
    const { impi, userProfile, allowedWafWwsfIdentities, authData } = request;
    return this.#queue.run(impi, async () => {
      if (authData !== undefined) this.authentication.receivePassword(impi, authData);
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
    this.registrations.unbind(registration, key, 'deactivated');
    this.#log('registration.removed', registration, { reason: 'flow failed', clause: 'RFC 5626 5.3' });
    this.#onExpired(registration);
  }

  /** `change` is carried out in its turn on each registration of `impi`; one without a contact ends, by the network. */
  async revise(impi: string, change: (registration: Registration) => void): Promise<void> {
    await this.#queue.run(impi, async () => {
      for (const registration of this.registrations.ofImpi(impi)) {
        change(registration);
        if (registration.bindings.size > 0) continue;
        // One of many: a HSS that does not answer keeps the others from nothing.
        const told = this.#deassign(registration, 'ADMINISTRATIVE_DEREGISTRATION');
        await told.catch((cause: unknown) => this.#assignment.logNotTold(cause));
      }
    });
  }

  /** By the network (TS 24.229 5.4.1.5); to be called in its turn. */
  rejectBinding(registration: Registration, key: string, reason: string): void {
    this.registrations.unbind(registration, key, 'rejected');
    this.#log('registration.removed', registration, { reason, clause: 'TS 33.203 X.3.2.3', step: '6.2' });
  }

  /** One registration procedure of a user at a time (TS 33.203 O.4.1). */
  async #authenticate(wanted: Wanted): Promise<SipResponse> {
    const { request, impi } = wanted;
    const verdict = await this.authentication.authenticate(wanted);
    if (verdict.kind === 'challenge') {
      this.#options.log.debug({ event: 'registration.challenged', impi: this.#options.hashIdentity(impi) });
      return createResponse(request, 401, { toTag: this.#options.createToken(), headers: verdict.headers });
    }
    const response = await this.#carryOut(wanted, verdict);
    this.authentication.settle(wanted, verdict);
    const { authenticationInfo } = verdict;
    if (authenticationInfo === undefined) return response;
    return { ...response, headers: response.headers.with('Authentication-Info', authenticationInfo) };
  }

  async #carryOut(wanted: Wanted, authenticated: Accepted): Promise<SipResponse> {
    const { impi, impu, granted } = wanted;
    const known = this.registrations.find(impi, impu);
    if (known !== undefined) checkContinuity(known, wanted, authenticated.scheme);
    if (granted === 'all' || takesAwayOnly(granted)) return this.#deregister(wanted, known);
    if (granted.length === 0) return this.#answer(wanted, known);
    this.#checkRoom(known);

    const profile = await this.#assignment.register(wanted, known !== undefined);
    const registration = this.#enter(known, profile);
    for (const one of granted) this.#update(registration, wanted, one, authenticated);
    this.#giveWay(registration, granted);
    return this.#answer(wanted, registration);
  }

  async #deregister(wanted: Wanted, known: Registration | undefined): Promise<SipResponse> {
    if (known === undefined) {
      await this.#deregisterUnknown(wanted.impi, wanted.impu);
      return this.#answer(wanted, undefined);
    }
    const { granted } = wanted;
    const keys = granted === 'all' ? ordinaryKeys(known) : granted.map(({ contact }) => bindingKey(contact));
    for (const key of keys) this.registrations.unbind(known, key, 'unregistered');
    if (known.bindings.size > 0) return this.#answer(wanted, known);
    await this.#deassign(known, 'USER_DEREGISTRATION');
    return this.#answer(wanted, undefined);
  }

  /** After a restart the HSS may still count as registered whom we do not know. */
  async #deregisterUnknown(impi: string, impu: string): Promise<void> {
    const { name } = await this.#assignment.end(impi, impu, 'USER_DEREGISTRATION');
    const reason = experimentalReasons.get(name);
    if (reason !== undefined) throw new RequestRefused(reason);
  }

  #checkRoom(known: Registration | undefined): void {
    if (known === undefined && this.registrations.size >= this.#options.maxRegistrations) {
      throw new RequestRefused('TOO_MANY_REGISTRATIONS', retryLater);
    }
  }

  /** The contacts updated longest ago leave where there are too many: a device that is gone locks nobody out. */
  #giveWay(registration: Registration, granted: readonly Granted[]): void {
    for (const key of excessKeys(registration, new Set(granted.map(({ contact }) => bindingKey(contact))))) {
      this.registrations.unbind(registration, key, 'rejected');
      this.#log('registration.removed', registration, { reason: 'gave way to a newer contact' });
    }
  }

  #enter(known: Registration | undefined, profile: UserProfile | undefined): Registration {
    // The HSS has the last word on which identities are one user's.
    const standing = known ?? (profile === undefined ? undefined : this.registrations.findSame(profile));
    if (standing !== undefined) {
      if (profile !== undefined) this.registrations.replaceProfile(standing, profile);
      return standing;
    }
    if (profile === undefined) throw new RequestRefused('HSS_FAILED');
    return this.registrations.add(profile);
  }

  #update(
    registration: Registration,
    wanted: Wanted,
    { contact, seconds }: Granted,
    { scheme, isTlsProtected }: Accepted,
  ): void {
    const key = bindingKey(contact);
    if (seconds === 0) {
      this.registrations.unbind(registration, key, 'unregistered');
      return;
    }
    const known = registration.bindings.get(key);
    const now = this.#options.clock.now();
    this.registrations.bind(registration, key, {
      contact,
      path: wanted.path,
      callId: wanted.callId,
      cseq: wanted.cseq,
      thirdParties: wanted.thirdParties,
      scheme,
      isTlsProtected,
      impu: wanted.impu,
      event: known?.contact.uri === contact.uri ? 'refreshed' : 'registered',
      isReauthenticationDue: false,
      expiresAt: now + seconds * 1_000,
      updatedAt: now,
    });
    const event = known !== undefined ? 'registration.refreshed' : 'registration.created';
    this.#log(event, registration, { seconds, clause: schemeClauses[scheme], ...wanted.thirdParties });
  }

  /** X.3.2.3 step 6.2, for registrations that stand when the list changes. */
  async #dropDisallowed(
    registration: Registration,
    allowed: NonNullable<PushProfileRequest['allowedWafWwsfIdentities']>,
  ): Promise<void> {
    for (const [key, { thirdParties, contact }] of [...registration.bindings]) {
      if (contact.isEmergency || this.#assignment.areAllowed(thirdParties, allowed)) continue;
      this.rejectBinding(registration, key, 'third party no longer allowed');
    }
    if (registration.bindings.size === 0) await this.#deassign(registration, 'ADMINISTRATIVE_DEREGISTRATION');
  }

  async #deassign(registration: Registration, type: ServerAssignmentType): Promise<void> {
    this.#end(registration, type, 'rejected');
    const [first] = registration.profile.implicitRegistrationSet;
    if (first !== undefined) await this.#assignment.end(registration.impi, first.impu, type);
  }

  #terminate(registration: Registration, reasonCode: DeregistrationReasonCode): void {
    const spared = sparedKeys(registration, reasonCode);
    if (spared.length === 0) {
      this.#end(registration, reasonCode, goneByReason[reasonCode]);
      return;
    }
    for (const key of [...registration.bindings.keys()]) {
      if (!spared.includes(key)) this.registrations.unbind(registration, key, goneByReason[reasonCode]);
    }
  }

  #end(registration: Registration, reason: string, event: GoneEvent): void {
    this.registrations.remove(registration, event);
    this.authentication.forget(registration.impi);
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

  #answer({ request, path, granted }: Wanted, registration: Registration | undefined): SipResponse {
    const { clock, serviceRoute, createToken } = this.#options;
    const parts = { path, serviceRoute: serviceRoute(), toTag: createToken(), now: clock.now() };
    const isOutbound = granted !== 'all' && granted.some(makesFlow);
    return createRegistrationAnswer(request, { registration, isOutbound, ...parts });
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
