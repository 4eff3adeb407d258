/**
 * Registers and stays registered (TS 24.229 5.1.1, TS 33.203 X.2.2, X.3.2.3, RFC 5626 4.2 to 4.5).
 *
 * Each initial registration has a connection of its own (TS 33.203 O.2.3); a connection that is lost means a new
 * registration (O.4.1), with backoff.
 *
 * @module
 */
import { isWicError } from '../errors.ts';
import type { Line } from '../flow/line.ts';
import type { FlowEnd } from '../flow/web-socket-flow.ts';
import { ObservableValue } from '../observable-value.ts';
import { type Platform, randomFraction } from '../platform.ts';
import type { ContactNews, WatchedIdentities } from '../registration-event/own-registration.ts';
import type { RefusalDetail, RegistrationFailure, RegistrationState, SimProblem } from '../wic.ts';
import type { Authentication } from './authentication.ts';
import { backoffMs } from './backoff.ts';
import { followIdentities } from './follow-identities.ts';
import { inTime } from './in-time.ts';
import { Losses } from './losses.ts';
import { refreshAfterMs } from './refresh-time.ts';
import type { Registered, RegisterOutcome } from './register-outcome.ts';
import type { Registrar } from './registrar.ts';
import { describeFailure } from './registration-failure.ts';

export interface RegistrationOptions {
  readonly platform: Platform;
  readonly line: Line;
  readonly registrar: Registrar;
  readonly displayName: string | undefined;
  /** URL of the eP-CSCF's WebSocket. */
  readonly gateway: string;
  /** What the next REGISTER is authenticated by. Rejects with a SignedOut when the web session has ended. */
  readonly authenticate: () => Promise<Authentication>;
  /** After each success; `isNewFlow` unless it was renewed on the connection there was. */
  readonly onRegistered: (registered: Registered, isNewFlow: boolean) => void;
  /** The registration is gone; `forGood` unless a new one is on its way. */
  readonly onUnregistered: (forGood: boolean) => void;
}

const tokenTimeoutMs = 15_000;
const deregisterTimeoutMs = 2_000;
/** How long to wait for the WWSF to come back before a registration that still holds is renewed. */
const tokenRetryMs = 30_000;
/** After `probation` where the network says no time, and at most. */
const probationSeconds = 60;
const maxProbationSeconds = 3_600;

type Reaction = 'renew' | 'end' | 'register anew' | 'register anew once' | 'register later';

/** TS 24.229 5.1.1.6 and 5.1.1.7, RFC 3680 5.1; the other events need none. */
const reactions: Readonly<Partial<Record<NonNullable<ContactNews['event']>, Reaction>>> = {
  shortened: 'renew',
  rejected: 'end',
  deactivated: 'register anew',
  unregistered: 'register anew once',
  expired: 'register anew once',
  probation: 'register later',
};

export class Registration {
  readonly state = new ObservableValue<RegistrationState>({ status: 'not registered' });
  readonly #options: RegistrationOptions;
  #wanted = false;
  #registered: Registered | undefined;
  /** Tries since the last success that failed. */
  #failures = 0;
  #triedAfresh = false;
  /** A REGISTER is on its way on the connection that there is. */
  #isRenewing = false;
  /** The network closed that connection meanwhile. */
  #wasEnded = false;
  /** The network wants another one after that. */
  #mustRenewAgain = false;
  /** A newer connection took the place of ours: who loses it again soon shares it, and waits longer each time. */
  readonly #replacements: Losses;
  /** The network ended the registration and lets us register anew. */
  readonly #evictions: Losses;
  /** What the network said last of the identities. */
  #identities: WatchedIdentities | undefined;
  /** The network asked to be left alone until the timer fires. */
  #mustWait = false;
  /** What runs for an older one is of no interest any more. */
  #epoch = 0;
  #stopTimer: (() => void) | undefined;
  #settle: (() => void)[] = [];

  constructor(options: RegistrationOptions) {
    this.#options = options;
    this.#replacements = new Losses(options.platform.clock);
    this.#evictions = new Losses(options.platform.clock);
  }

  /** The registration that holds now. */
  get current(): Registered | undefined {
    return this.#registered;
  }

  /** Resolves when registered, given up, or ended by {@link deregister} or {@link stop}. */
  register(): Promise<void> {
    if (this.#registered !== undefined) return Promise.resolve();
    const settled = new Promise<void>((resolve) => this.#settle.push(resolve));
    if (!this.#wanted) {
      this.#wanted = true;
      this.#failures = 0;
      this.#triedAfresh = false;
      this.#start();
    }
    return settled;
  }

  /** Tells the network; waits for it 2 s at most. */
  async deregister(): Promise<void> {
    const held = this.#registered;
    this.#forget();
    if (held !== undefined) await this.#inTime(this.#sendFarewell(), deregisterTimeoutMs).catch(() => undefined);
    // Somebody may have signed in again meanwhile.
    if (this.#wanted) return;
    this.#options.line.close();
    this.state.set({ status: 'not registered' });
  }

  /** The web session has ended: nothing is tried any more until {@link register}. */
  signedOut(): void {
    if (!this.#wanted) this.state.set(describeFailure('not signed in'));
  }

  /** Ends everything without a word to the network. */
  stop(): void {
    this.#forget();
    this.#options.line.close();
    this.state.set({ status: 'not registered' });
  }

  /** The connection is gone. Where a REGISTER was refused just before, its answer says why. */
  lineLost(end: FlowEnd): void {
    if (!this.#wanted || this.#registered === undefined) return;
    if (end === 'ended by the network') {
      if (this.#isRenewing) this.#wasEnded = true;
      else this.#giveUp('network ended');
      return;
    }
    this.#drop();
    if (end === 'replaced') this.#retryAfterReplacement();
    else this.#retryLater(undefined);
  }

  /** The network tells what became of our registration (TS 24.229 5.1.1.6, 5.1.1.7). */
  told({ event, retryAfterSeconds, identities }: ContactNews): void {
    if (this.#registered === undefined) return;
    this.#identities = identities;
    this.#follow(this.#registered);
    const reaction = event === undefined ? undefined : reactions[event];
    if (reaction === 'renew') this.#renewAtOnce();
    else if (reaction === 'end') this.#giveUp('network ended');
    else if (reaction === 'register later') this.#registerLater(retryAfterSeconds ?? probationSeconds);
    else if (reaction !== undefined) this.#registerAnew(reaction === 'register anew');
  }

  /** The network is back, or somebody looks: a try that waits starts now, a connection shows that it lives. */
  wake(): void {
    if (this.#registered !== undefined) this.#options.line.flow?.probe();
    else if (this.#wanted && this.#stopTimer !== undefined && !this.#mustWait) this.#start();
  }

  #start(): void {
    const epoch = this.#newEpoch();
    this.#registered = undefined;
    this.state.set({ status: 'registering', attempt: this.#failures + 1, retryAtMs: undefined });
    this.#try(epoch).catch((error: unknown) => this.#onFault(error, epoch));
  }

  /** A try with credentials and a connection of its own. */
  async #try(epoch: number): Promise<void> {
    const authentication = await this.#authenticate();
    if (epoch !== this.#epoch) return;
    await this.#options.line.open();
    if (epoch !== this.#epoch) return;
    const outcome = await this.#options.registrar.register(authentication, true);
    if (epoch === this.#epoch) this.#onOutcome(outcome, authentication, true);
  }

  #onOutcome(outcome: RegisterOutcome, authentication: Authentication, isNewFlow: boolean): void {
    if (outcome.type === 'registered') {
      this.#onRegistered(outcome.registered, authentication, isNewFlow);
      return;
    }
    this.#drop();
    if (outcome.type === 'try again') {
      this.#failAndRetry(outcome.afterMs);
      return;
    }
    if (outcome.type === 'try afresh' && !this.#triedAfresh) {
      this.#triedAfresh = true;
      this.#start();
      return;
    }
    this.#giveUp('refused', outcome.type === 'refused' ? outcome.detail : undefined);
  }

  #onRegistered(registered: Registered, authentication: Authentication, isNewFlow: boolean): void {
    const { platform } = this.#options;
    this.#failures = 0;
    this.#triedAfresh = false;
    if (isNewFlow) this.#onNewFlow();
    const now = platform.clock.now();
    const turnMs = registered.turnCredential === undefined ? Infinity : registered.turnCredential.expiresAtMs - now;
    const renewMs = Math.min(refreshAfterMs(registered.expiresAtMs - now), refreshAfterMs(turnMs));
    this.#after(this.#mustRenewAgain ? 0 : Math.max(renewMs, 1_000), () => this.#renew());
    this.#registered = followIdentities(registered, this.#identities);
    this.#show(this.#registered, authentication);
    this.#options.onRegistered(this.#registered, isNewFlow);
    this.#settleAll();
  }

  #onNewFlow(): void {
    this.#replacements.had();
    this.#evictions.had();
    this.#identities = undefined;
  }

  #show({ impu, impus, expiresAtMs, ...registered }: Registered, { scheme, impi }: Authentication): void {
    const { gateway } = this.#options;
    const displayName = this.#options.displayName ?? registered.displayName;
    this.state.set({ status: 'registered', scheme, impu, impus, impi, displayName, expiresAtMs, gateway });
  }

  #follow(registered: Registered): void {
    const followed = followIdentities(registered, this.#identities);
    const state = this.state.getSnapshot();
    if (followed === registered || state.status !== 'registered') return;
    this.#registered = followed;
    this.state.set({ ...state, impu: followed.impu, impus: followed.impus });
  }

  #renew(): void {
    const epoch = this.#newEpoch();
    const run = async (): Promise<void> => {
      const authentication = await this.#authenticate();
      if (epoch !== this.#epoch) return;
      this.#isRenewing = true;
      const outcome = await this.#options.registrar.register(authentication, false);
      if (epoch !== this.#epoch) return;
      this.#isRenewing = false;
      this.#onOutcome(outcome, authentication, false);
    };
    run().catch((error: unknown) => this.#onFault(error, epoch));
  }

  /** Asked to authenticate anew (TS 33.203 6.1.4, N.2.4); a REGISTER on its way may have left before. */
  #renewAtOnce(): void {
    if (this.#isRenewing) this.#mustRenewAgain = true;
    else this.#renew();
  }

  /** With new credentials; at once, unless that did not last: then later, or not at all. */
  #registerAnew(mayRepeat: boolean): void {
    const losses = this.#evictions.lost();
    if (losses > 1 && !mayRepeat) {
      this.#giveUp('network ended');
      return;
    }
    this.#drop();
    this.#options.line.close();
    this.#failures = losses - 1;
    if (losses > 1) this.#retryLater(undefined);
    else this.#start();
  }

  #registerLater(afterSeconds: number): void {
    this.#drop();
    this.#retryLater(Math.min(afterSeconds, maxProbationSeconds) * 1_000);
  }

  /** No credentials, no connection or no answer. */
  #onFault(error: unknown, epoch: number): void {
    if (epoch !== this.#epoch) return;
    if (isWicError(error, 'ERR_WIC_SIGNED_OUT') || this.#wasEnded) {
      this.#giveUp(this.#wasEnded ? 'network ended' : 'not signed in');
      return;
    }
    this.#isRenewing = false;
    const now = this.#options.platform.clock.now();
    const isHeld = this.#registered !== undefined && this.#options.line.flow?.isOpen === true;
    if (isHeld && (this.#registered?.expiresAtMs ?? 0) > now + 2 * tokenRetryMs) {
      this.#after(tokenRetryMs, () => this.#renew());
      return;
    }
    if (isWicError(error, 'ERR_WIC_SIM_UNAVAILABLE')) {
      this.#giveUp('sim unavailable', error.problem);
      return;
    }
    this.#drop();
    this.#failAndRetry(undefined);
  }

  #failAndRetry(afterMs: number | undefined): void {
    this.#failures += 1;
    this.#retryLater(afterMs);
  }

  /** Not at once, and not hurried: should another tab take over just now, we shall have learned of it by then. */
  #retryAfterReplacement(): void {
    this.#failures = this.#replacements.lost();
    this.#retryLater(0);
  }

  /** The registration is gone; another one shall follow. */
  #drop(): void {
    if (this.#registered === undefined) return;
    this.#registered = undefined;
    this.#options.onUnregistered(false);
  }

  #retryLater(afterMs: number | undefined): void {
    const { platform, line } = this.#options;
    this.#newEpoch();
    line.close();
    const backoff = backoffMs(this.#failures, () => randomFraction(platform));
    const waitMs = Math.max(afterMs ?? 0, backoff);
    this.#mustWait = afterMs !== undefined;
    this.#after(waitMs, () => this.#start());
    const retryAtMs = platform.clock.now() + waitMs;
    this.state.set({ status: 'registering', attempt: this.#failures + 1, retryAtMs });
  }

  #giveUp(reason: RegistrationFailure, detail?: RefusalDetail | SimProblem): void {
    this.#forget();
    this.#options.line.close();
    this.state.set(describeFailure(reason, detail));
  }

  #forget(): void {
    this.#wanted = false;
    this.#newEpoch();
    this.#registered = undefined;
    this.#options.onUnregistered(true);
    this.#settleAll();
  }

  async #sendFarewell(): Promise<void> {
    await this.#options.registrar.deregister(await this.#options.authenticate());
  }

  #authenticate(): Promise<Authentication> {
    return this.#inTime(this.#options.authenticate(), tokenTimeoutMs);
  }

  #inTime<T>(promise: Promise<T>, ms: number): Promise<T> {
    return inTime(this.#options.platform.clock, promise, ms);
  }

  #after(ms: number, run: () => void): void {
    this.#stopTimer?.();
    this.#stopTimer = this.#options.platform.clock.after(ms, run);
  }

  #newEpoch(): number {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#mustWait = false;
    this.#isRenewing = false;
    this.#wasEnded = false;
    this.#mustRenewAgain = false;
    this.#epoch += 1;
    return this.#epoch;
  }

  #settleAll(): void {
    for (const settle of this.#settle.splice(0)) settle();
  }
}
