/**
 * Registers and stays registered (TS 24.229 5.1.1, TS 33.203 X.2.2, X.3.2.3, RFC 5626 4.2 to 4.5).
 *
 * Each initial registration has a connection of its own (TS 33.203 O.2.3); a connection that is lost means a new
 * registration (O.4.1), with backoff.
 *
 * @module
 */
import type { FlowEnd } from '../flow/web-socket-flow.ts';
import { ObservableValue } from '../observable-value.ts';
import { randomFraction } from '../platform.ts';
import type { ContactNews, WatchedIdentities } from '../registration-event/own-registration.ts';
import type { FailureDetail, RegistrationFailure, RegistrationState } from '../wic.ts';
import type { Authentication } from './authentication.ts';
import { backoffMs } from './backoff.ts';
import { endOf, probationMs, reactionTo } from './contact-reaction.ts';
import { Demands } from './demands.ts';
import { findFinalFault } from './final-fault.ts';
import { followIdentities } from './follow-identities.ts';
import { inTime } from './in-time.ts';
import { Losses } from './losses.ts';
import { renewAfterMs } from './refresh-time.ts';
import type { Registered, RegisterOutcome } from './register-outcome.ts';
import { describeRegistered } from './registered-state.ts';
import { describeFailure } from './registration-failure.ts';
import type { RegistrationOptions } from './registration-options.ts';
import { sayFarewell } from './say-farewell.ts';
import { createTry, type Try } from './try.ts';

const tokenTimeoutMs = 15_000;
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
  /** What is under way; what runs for an older one is of no interest any more. */
  #try = createTry();
  /** A newer connection took the place of ours: who loses it again soon shares it, and waits longer each time. */
  readonly #replacements: Losses;
  /** The network ended the registration and lets us register anew. */
  readonly #evictions: Losses;
  readonly #demands: Demands;
  /** What the network said last of the identities. */
  #identities: WatchedIdentities | undefined;
  #settle: (() => void)[] = [];

  constructor(options: RegistrationOptions) {
    this.#options = options;
    this.#replacements = new Losses(options.platform.clock);
    this.#evictions = new Losses(options.platform.clock);
    this.#demands = new Demands(options.platform.clock);
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
    if (held !== undefined) await sayFarewell(this.#options);
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
      if (this.#try.isRenewing) this.#try.wasEnded = true;
      else this.#giveUp('network ended', 'connection closed');
      return;
    }
    // Not at once, and not hurried: should another tab take over just now, we shall have learned of it by then.
    if (end === 'replaced') this.#failures = this.#replacements.lost();
    this.#dropAndRetry(end === 'replaced' ? 0 : undefined);
  }

  /** The network tells what became of our registration (TS 24.229 5.1.1.6, 5.1.1.7). */
  told(news: ContactNews): void {
    if (this.#registered === undefined) return;
    this.#identities = news.identities;
    this.#follow(this.#registered);
    const reaction = reactionTo(news);
    if (reaction === 'renew') this.#renewOnDemand(this.#registered);
    else if (reaction === 'end') this.#giveUp('network ended', endOf(news));
    else if (reaction === 'register later') this.#dropAndRetry(probationMs(news));
    else if (reaction !== undefined) this.#registerAnew(reaction === 'register anew', news);
  }

  /** The network is back, or somebody looks: a try that waits starts now, a connection shows that it lives. */
  wake(): void {
    if (this.#registered !== undefined) this.#options.line.flow?.probe();
    else if (!this.#try.mustWait) this.retryNow();
  }

  /** A try that waits starts now, even where the network asked to wait. */
  retryNow(): void {
    if (this.#wanted && this.#registered === undefined && this.#try.stopTimer !== undefined) this.#start();
  }

  #start(): void {
    const current = this.#newTry();
    this.#registered = undefined;
    this.#identities = undefined;
    this.state.set({ status: 'registering', attempt: this.#failures + 1, retryAtMs: undefined });
    this.#register(current).catch((error: unknown) => this.#onFault(error, current));
  }

  /** A try with credentials and a connection of its own. */
  async #register(current: Try): Promise<void> {
    const authentication = await this.#authenticate();
    if (current !== this.#try) return;
    await this.#options.line.open();
    if (current !== this.#try) return;
    const outcome = await this.#options.registrar.register(authentication, true);
    if (current === this.#try) this.#onOutcome(outcome, authentication, true);
  }

  #onOutcome(outcome: RegisterOutcome, authentication: Authentication, isNewFlow: boolean): void {
    if (outcome.type === 'registered') {
      this.#onRegistered(outcome.registered, authentication, isNewFlow);
      return;
    }
    this.#drop();
    if (outcome.type === 'try again') {
      this.#failures += 1;
      this.#retryLater(outcome.afterMs);
      return;
    }
    if (outcome.type === 'try afresh' && !this.#triedAfresh) {
      this.#triedAfresh = true;
      this.#start();
      return;
    }
    this.#giveUp('refused', outcome.type === 'too brief' ? undefined : outcome.detail);
  }

  #onRegistered(registered: Registered, authentication: Authentication, isNewFlow: boolean): void {
    this.#failures = 0;
    this.#triedAfresh = false;
    if (isNewFlow) for (const losses of [this.#replacements, this.#evictions]) losses.had();
    const renewMs = renewAfterMs(registered, this.#options.platform.clock.now(), this.#try.renewAgainMs);
    this.#after(renewMs, () => this.#renew());
    this.#registered = followIdentities(registered, this.#identities);
    this.state.set(describeRegistered(this.#registered, authentication, this.#options));
    this.#options.onRegistered(this.#registered, isNewFlow);
    this.#settleAll();
  }

  #follow(registered: Registered): void {
    const followed = followIdentities(registered, this.#identities);
    const state = this.state.getSnapshot();
    if (followed === registered || state.status !== 'registered') return;
    this.#registered = followed;
    this.state.set({ ...state, impu: followed.impu, impus: followed.impus });
  }

  #renew(): void {
    const current = this.#newTry();
    const run = async (): Promise<void> => {
      const authentication = await this.#authenticate();
      if (current !== this.#try) return;
      current.isRenewing = true;
      const outcome = await this.#options.registrar.register(authentication, false);
      if (current !== this.#try) return;
      current.isRenewing = false;
      this.#onOutcome(outcome, authentication, false);
    };
    run().catch((error: unknown) => this.#onFault(error, current));
  }

  /** Asked to authenticate anew (TS 33.203 6.1.4, N.2.4); a REGISTER on its way may have left before. */
  #renewOnDemand(registered: Registered): void {
    const waitMs = this.#demands.add();
    if (this.#try.isRenewing) this.#try.renewAgainMs ??= waitMs;
    else if (waitMs === 0) this.#renew();
    else this.#after(renewAfterMs(registered, this.#options.platform.clock.now(), waitMs), () => this.#renew());
  }

  /** With new credentials; at once, unless that did not last: then later, or not at all. */
  #registerAnew(mayRepeat: boolean, news: ContactNews): void {
    const losses = this.#evictions.lost();
    this.#failures = losses - 1;
    if (losses === 1) {
      this.#drop();
      this.#options.line.close();
      this.#start();
    } else if (mayRepeat) this.#dropAndRetry(undefined);
    else this.#giveUp('network ended', endOf(news));
  }

  /** No credentials, no connection or no answer. */
  #onFault(error: unknown, current: Try): void {
    if (current !== this.#try) return;
    const leftMs = (this.#registered?.expiresAtMs ?? 0) - this.#options.platform.clock.now();
    const holds = leftMs > 2 * tokenRetryMs && this.#options.line.flow?.isOpen === true;
    const fault = findFinalFault(error, { wasEnded: current.wasEnded, holds });
    current.isRenewing = false;
    if (fault !== undefined) this.#giveUp(...fault);
    else if (holds) this.#after(tokenRetryMs, () => this.#renew());
    else {
      this.#failures += 1;
      this.#dropAndRetry(undefined);
    }
  }

  #dropAndRetry(afterMs: number | undefined): void {
    this.#drop();
    this.#retryLater(afterMs);
  }

  /** The registration is gone; another one shall follow. */
  #drop(): void {
    if (this.#registered === undefined) return;
    this.#registered = undefined;
    this.#options.onUnregistered(false);
  }

  #retryLater(afterMs: number | undefined): void {
    const { platform, line } = this.#options;
    this.#newTry();
    line.close();
    const backoff = backoffMs(this.#failures, () => randomFraction(platform));
    const waitMs = Math.max(afterMs ?? 0, backoff);
    this.#try.mustWait = afterMs !== undefined;
    this.#after(waitMs, () => this.#start());
    const retryAtMs = platform.clock.now() + waitMs;
    this.state.set({ status: 'registering', attempt: this.#failures + 1, retryAtMs });
  }

  #giveUp(reason: RegistrationFailure, detail?: FailureDetail): void {
    this.#forget();
    this.#options.line.close();
    this.state.set(describeFailure(reason, detail));
  }

  #forget(): void {
    this.#wanted = false;
    this.#newTry();
    this.#registered = undefined;
    this.#options.onUnregistered(true);
    this.#settleAll();
  }

  #authenticate(): Promise<Authentication> {
    return inTime(this.#options.platform.clock, this.#options.authenticate(), tokenTimeoutMs);
  }

  #after(ms: number, run: () => void): void {
    this.#try.stopTimer?.();
    this.#try.stopTimer = this.#options.platform.clock.after(ms, run);
  }

  #newTry(): Try {
    this.#try.stopTimer?.();
    this.#try = createTry();
    return this.#try;
  }

  #settleAll(): void {
    for (const settle of this.#settle.splice(0)) settle();
  }
}
