/**
 * Registers and stays registered (TS 24.229 5.1.1, TS 33.203 X.2.2, X.3.2.3, RFC 5626 4.2 to 4.5).
 *
 * Each initial registration has a connection of its own (TS 33.203 O.2.3); a connection that is lost means a new
 * registration (O.4.1), with backoff.
 *
 * @module
 */
import type { SignedOut } from '../errors.ts';
import type { Line } from '../flow/line.ts';
import { ObservableValue } from '../observable-value.ts';
import { type Platform, randomFraction } from '../platform.ts';
import type { RefusalDetail, RegistrationFailure, RegistrationState } from '../wic.ts';
import type { Authentication } from './authentication.ts';
import { backoffMs } from './backoff.ts';
import { refreshAfterMs } from './refresh-time.ts';
import type { Registered, RegisterOutcome } from './register-outcome.ts';
import type { Registrar } from './registrar.ts';

export interface RegistrationOptions {
  readonly platform: Platform;
  readonly line: Line;
  readonly registrar: Registrar;
  readonly displayName: string | undefined;
  /** What the next REGISTER is authenticated by. Rejects with a SignedOut when the web session has ended. */
  readonly authenticate: () => Promise<Authentication>;
  /** After each success; `isNewFlow` unless it was renewed on the connection there was. */
  readonly onRegistered: (registered: Registered, isNewFlow: boolean) => void;
  /** The registration is gone; `forGood` unless a new one is on its way. */
  readonly onUnregistered: (forGood: boolean) => void;
}

const tokenTimeoutMs = 15_000;
const deregisterTimeoutMs = 2_000;
/** Who loses the flow again before that shares it with somebody, and waits longer each time. */
const undisputedMs = 60_000;
/** How long to wait for the WWSF to come back before a registration that still holds is renewed. */
const tokenRetryMs = 30_000;

export class Registration {
  readonly state = new ObservableValue<RegistrationState>({ status: 'not registered' });
  readonly #options: RegistrationOptions;
  #wanted = false;
  #registered: Registered | undefined;
  /** Tries since the last success that failed. */
  #failures = 0;
  #triedAfresh = false;
  /** How often in a row a newer connection took the place of ours soon after we had it. */
  #replacements = 0;
  /** On the scale of the clock. */
  #flowSinceMs = 0;
  /** The network asked to be left alone until the timer fires. */
  #mustWait = false;
  /** What runs for an older one is of no interest any more. */
  #epoch = 0;
  #stopTimer: (() => void) | undefined;
  #settle: (() => void)[] = [];

  constructor(options: RegistrationOptions) {
    this.#options = options;
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
    if (!this.#wanted) this.state.set({ status: 'failed', reason: 'not signed in' });
  }

  /** Ends everything without a word to the network. */
  stop(): void {
    this.#forget();
    this.#options.line.close();
    this.state.set({ status: 'not registered' });
  }

  /** The connection broke; `isReplaced` where a newer one of this browser took its place. */
  lineLost(isReplaced: boolean): void {
    if (!this.#wanted || this.#registered === undefined) return;
    this.#registered = undefined;
    this.#options.onUnregistered(false);
    if (isReplaced) this.#retryAfterReplacement();
    else this.#retryLater(undefined);
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
    if (epoch === this.#epoch) this.#onOutcome(outcome, true);
  }

  #onOutcome(outcome: RegisterOutcome, isNewFlow: boolean): void {
    if (outcome.type === 'registered') {
      this.#onRegistered(outcome.registered, isNewFlow);
      return;
    }
    if (this.#registered !== undefined) {
      this.#registered = undefined;
      this.#options.onUnregistered(false);
    }
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

  #onRegistered(registered: Registered, isNewFlow: boolean): void {
    const { displayName, platform } = this.#options;
    this.#failures = 0;
    this.#triedAfresh = false;
    this.#registered = registered;
    const now = platform.clock.now();
    if (isNewFlow) this.#flowSinceMs = now;
    const turnMs = registered.turnCredential === undefined ? Infinity : registered.turnCredential.expiresAtMs - now;
    const renewMs = Math.min(refreshAfterMs(registered.expiresAtMs - now), refreshAfterMs(turnMs));
    this.#after(Math.max(renewMs, 1_000), () => this.#renew());
    this.#show(registered, displayName ?? registered.displayName);
    this.#options.onRegistered(registered, isNewFlow);
    this.#settleAll();
  }

  /** Keeps the snapshot where nothing that it says has changed. */
  #show({ impu }: Registered, displayName: string | undefined): void {
    const now = this.state.getSnapshot();
    if (now.status === 'registered' && now.impu === impu && now.displayName === displayName) return;
    this.state.set({ status: 'registered', impu, displayName });
  }

  #renew(): void {
    const epoch = this.#newEpoch();
    const run = async (): Promise<void> => {
      const authentication = await this.#authenticate();
      if (epoch !== this.#epoch) return;
      const outcome = await this.#options.registrar.register(authentication, false);
      if (epoch === this.#epoch) this.#onOutcome(outcome, false);
    };
    run().catch((error: unknown) => this.#onFault(error, epoch));
  }

  /** No credentials, no connection or no answer. */
  #onFault(error: unknown, epoch: number): void {
    if (epoch !== this.#epoch) return;
    if (isSignedOut(error)) {
      this.#giveUp('not signed in');
      return;
    }
    const now = this.#options.platform.clock.now();
    const isHeld = this.#registered !== undefined && this.#options.line.flow?.isOpen === true;
    if (isHeld && (this.#registered?.expiresAtMs ?? 0) > now + 2 * tokenRetryMs) {
      this.#after(tokenRetryMs, () => this.#renew());
      return;
    }
    if (this.#registered !== undefined) this.#options.onUnregistered(false);
    this.#registered = undefined;
    this.#failAndRetry(undefined);
  }

  #failAndRetry(afterMs: number | undefined): void {
    this.#failures += 1;
    this.#retryLater(afterMs);
  }

  /** Not at once, and not hurried: should another tab take over just now, we shall have learned of it by then. */
  #retryAfterReplacement(): void {
    const heldMs = this.#options.platform.clock.now() - this.#flowSinceMs;
    this.#replacements = heldMs < undisputedMs ? this.#replacements + 1 : 1;
    this.#failures = this.#replacements;
    this.#retryLater(0);
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

  #giveUp(reason: RegistrationFailure, detail?: RefusalDetail): void {
    this.#forget();
    this.#options.line.close();
    this.state.set({ status: 'failed', reason, ...(detail !== undefined && { detail }) });
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
    return new Promise((resolve, reject) => {
      const stop = this.#options.platform.clock.after(ms, () => reject(new Error('no answer in time')));
      promise.then(resolve, reject).finally(stop);
    });
  }

  #after(ms: number, run: () => void): void {
    this.#stopTimer?.();
    this.#stopTimer = this.#options.platform.clock.after(ms, run);
  }

  #newEpoch(): number {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#mustWait = false;
    this.#epoch += 1;
    return this.#epoch;
  }

  #settleAll(): void {
    for (const settle of this.#settle.splice(0)) settle();
  }
}

/** Also one made by another copy of this package: decided on the code. */
function isSignedOut(error: unknown): boolean {
  const code: SignedOut['code'] = 'ERR_WIC_SIGNED_OUT';
  return error instanceof Error && 'code' in error && error.code === code;
}
