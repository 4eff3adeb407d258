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
import { type Clock, createResponse, MergedRequests, type SipResponse } from '@wicgate/sip';
import {
  DigestAuthentication,
  type DigestAuthenticationOptions,
  type DigestVerdict,
} from '../authentication/digest-authentication.ts';
import { RequestRefused, RequestUnfit } from '../errors.ts';
import type { ArrivedRequest } from '../mw/arrive.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { createRegistrationAnswer } from './registration-answer.ts';
import { bindingKey, type Registration, Registrations } from './registrations.ts';
import { ServerAssignment, type ServerAssignmentOptions } from './server-assignment.ts';
import { type ExpiryRange, type Granted, makesFlow, readWanted, takesAwayOnly, type Wanted } from './wanted.ts';

export interface RegistrarOptions
  extends ExpiryRange,
    ServerAssignmentOptions,
    Omit<DigestAuthenticationOptions, 'onUnauthenticated'> {
  readonly clock: Clock;
  readonly hashIdentity: (impi: string) => string;
  readonly serviceRoute: () => string;
  readonly maxRegistrations: number;
  readonly createToken: () => string;
}

/** What became of the authentication, before anything is carried out. */
type Authenticated = Extract<DigestVerdict, { readonly kind: 'accepted' }>;

const maxBindings = 10;
const retryAfterSeconds = '60';

export class Registrar {
  readonly registrations: Registrations;
  readonly #options: RegistrarOptions;
  readonly #assignment: ServerAssignment;
  readonly #queue = new KeyedQueue();
  readonly #merged: MergedRequests;
  readonly #digest: DigestAuthentication;

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#assignment = new ServerAssignment(options);
    this.#merged = new MergedRequests(options);
    this.#digest = new DigestAuthentication({
      ...options,
      onUnauthenticated: (user, type) => this.#endAuthentication(user, type),
    });
    this.registrations = new Registrations(options.clock, (registration) => this.#onExpired(registration));
  }

  /** The answer to a REGISTER. @throws {CoreError} @throws {SipError} @throws {CxError} */
  async register(arrived: ArrivedRequest): Promise<SipResponse> {
    const wanted = readWanted(arrived, this.#options);
    const merged = this.#merged.inspect(arrived.request);
    if (merged !== undefined) throw new RequestUnfit(merged);
    return this.#queue.run(wanted.impi, () => this.#authenticate(wanted));
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

  /** One registration procedure of a user at a time (TS 33.203 O.4.1). */
  async #authenticate(wanted: Wanted): Promise<SipResponse> {
    const { request, impi, impu, procedure } = wanted;
    if (procedure === 'vouch') return this.#carryOut(wanted, vouchedFor);
    const bindings = this.registrations.find(impi, impu)?.bindings.values() ?? [];
    const isTlsProtected = [...bindings].some((binding) => binding.isTlsProtected);
    const verdict = await this.#digest.authenticate({ ...wanted, isTlsProtected });
    if (verdict.kind === 'challenge') {
      this.#options.log.debug({ event: 'registration.challenged', impi: this.#options.hashIdentity(impi) });
      return createResponse(request, 401, { toTag: this.#options.createToken(), headers: verdict.headers });
    }
    const response = await this.#carryOut(wanted, verdict);
    if (wanted.granted === 'all' || wanted.granted.length > 0) this.#digest.challenges.settle(impi);
    const { authenticationInfo } = verdict;
    if (authenticationInfo === undefined) return response;
    return { ...response, headers: response.headers.with('Authentication-Info', authenticationInfo) };
  }

  /** A failed authentication never takes a registration away (TS 33.203 6.1.1, N.2.2.1, N.2.2.3). */
  #endAuthentication(
    user: { readonly impi: string; readonly impu: string },
    type: 'AUTHENTICATION_FAILURE' | 'AUTHENTICATION_TIMEOUT',
  ): void {
    // Behind what is under way, and not waited for: a refusal takes no longer for those who exist.
    this.#queue
      .run(user.impi, async () => {
        const { impi, impu } = user;
        if (this.registrations.find(impi, impu) !== undefined || this.#digest.challenges.isOpen(user)) return;
        await this.#assignment.end(impi, impu, type);
      })
      .catch((cause: unknown) => this.#assignment.logNotTold(cause));
  }

  async #carryOut(wanted: Wanted, authenticated: Authenticated): Promise<SipResponse> {
    const { impi, impu, granted } = wanted;
    const known = this.registrations.find(impi, impu);
    if (known !== undefined) checkOrder(known, wanted);
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
      throw new RequestRefused(reasons[name]);
  }

  #checkRoom(known: Registration | undefined): void {
    if (known === undefined && this.registrations.size >= this.#options.maxRegistrations) {
      throw new RequestRefused('TOO_MANY_REGISTRATIONS', [['Retry-After', retryAfterSeconds]]);
    }
  }

  /** The contacts updated longest ago leave where there are too many: a device that is gone locks nobody out. */
  #giveWay(registration: Registration, granted: readonly Granted[]): void {
    const kept = new Set(granted.map(({ contact }) => bindingKey(contact)));
    const others = [...registration.bindings].filter(([key]) => !kept.has(key));
    const oldestFirst = others.sort(([, a], [, b]) => a.updatedAt - b.updatedAt);
    const excess = Math.max(0, registration.bindings.size - maxBindings);
    for (const [key] of oldestFirst.slice(0, excess)) {
      this.registrations.unbind(registration, key);
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
    { isTlsProtected }: Authenticated,
  ): void {
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
      thirdParties: wanted.thirdParties,
      isTlsProtected,
      expiresAt: now + seconds * 1_000,
      updatedAt: now,
    });
    const event = isKnown ? 'registration.refreshed' : 'registration.created';
    this.#log(event, registration, { seconds, clause: clauses[wanted.procedure] });
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

/** A trusted node knows who the user is. */
const vouchedFor: Authenticated = { kind: 'accepted', authenticationInfo: undefined, isTlsProtected: false };

const clauses = { vouch: 'TS 33.203 X.3.2.3 step 6.1', challenge: 'TS 33.203 N.2.1.1' } as const;

const reasons = {
  DIAMETER_ERROR_USER_UNKNOWN: 'REGISTRATION_USER_UNKNOWN',
  DIAMETER_ERROR_IDENTITIES_DONT_MATCH: 'REGISTRATION_IDENTITIES_DONT_MATCH',
} as const;

/** RFC 3261 10.3 step 7: of one Call-ID a later request has a higher CSeq. */
function checkOrder({ bindings }: Registration, { callId, cseq }: Wanted): void {
  for (const binding of bindings.values()) {
    if (binding.callId === callId && cseq <= binding.cseq) throw new RequestRefused('OUT_OF_ORDER');
  }
}
