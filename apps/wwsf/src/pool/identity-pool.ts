/**
 * The pool of identities that are the WWSF's own, leased to one browser at a time (TS 33.203 X.4.2.1).
 *
 * A pair comes back at sign-out, when its page is closed, or when its time is over. The tokens given with it are revoked
 * at the WAF first (RFC 7009), so that the network ends the registration of the last user before anybody else can get the
 * pair; while the WAF cannot do that, the pair stays out of use, also once the tokens have expired: registrations outlive
 * them. Then it rests: calls meant for the last user must not reach the next.
 *
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@wicgate/node-kit';
import { WafUnavailable, WwsfError } from '../errors.ts';
import type { LogEvent } from '../log-event.ts';
import type { HandedToken, HandedTokens } from '../sessions/handed-tokens.ts';
import type { SessionKind, SessionStore } from '../sessions/session-store.ts';
import { startSweep } from '../start-sweep.ts';
import type { Waf } from '../waf/waf.ts';
import type { Lease, LeaseRequest, PoolCounts } from './lease.ts';
import type { PoolLeases } from './pool-leases.ts';

export interface IdentityPoolOptions {
  readonly leases: PoolLeases;
  readonly sessions: SessionStore;
  readonly handedTokens: HandedTokens;
  readonly waf: Pick<Waf, 'revoke'>;
  readonly log: Logger<LogEvent>;
  /** Told after each change. */
  readonly onChange: (counts: PoolCounts) => void;
}

/** What became of the tokens of a lease. */
type Outcome = 'returned' | 'refused' | 'unreachable';

const pairsAtOnce = 50;
/** How long somebody who signs out waits for the WAF. */
const patienceMs = 3_000;

export class IdentityPool {
  readonly #options: IdentityPoolOptions;
  readonly #returns = new Map<string, Promise<Outcome>>();
  #stopSweep: () => Promise<void> = async () => undefined;

  constructor(options: IdentityPoolOptions) {
    this.#options = options;
  }

  /** Returns what is overdue, in the background. */
  start(): void {
    this.#stopSweep = startSweep(
      () => this.sweep(),
      (cause) =>
        this.#options.log.error({
          event: 'pool.sweep-failed',
          cause,
          effect: 'identities of the pool are not returned',
          action: 'look at the disk of WWSF_STATE_DIR',
        }),
    );
  }

  /** Returns no more; resolves when no return is under way. */
  async stop(): Promise<void> {
    await this.#stopSweep();
    await Promise.allSettled(this.#returns.values());
  }

  /** @throws {GuestsTooMany | PoolExhausted} */
  async take(request: LeaseRequest): Promise<Lease> {
    const lease = await this.#options.leases.take(request);
    await this.#report();
    return lease;
  }

  isLive(key: string): Promise<boolean> {
    return this.#options.leases.isLive(key);
  }

  /** False: the lease is over. */
  renew(key: string, kind: SessionKind): Promise<boolean> {
    return this.#options.leases.renew(key, kind);
  }

  /** Gives a pair back that nobody has used, as no token came for it. */
  async abandon(key: string): Promise<void> {
    await this.#options.leases.startReturn(key);
    await this.#options.leases.finishReturn(key, { wasUsed: false });
    await this.#report();
  }

  /** Ends the lease and its session, then its tokens at the WAF; what takes too long goes on without the caller. */
  async end(key: string): Promise<void> {
    await this.#startReturn(key);
    const giveUp = new AbortController();
    const tooLate = delay(patienceMs, undefined, { signal: giveUp.signal, ref: false }).catch(() => undefined);
    await Promise.race([this.#return(key, true), tooLate]);
    giveUp.abort();
    await this.#report();
  }

  /** Returns the leases whose time is over, and those that could not be returned before. */
  async sweep(): Promise<void> {
    const { leases } = this.#options;
    for (const key of await leases.findOverdue(pairsAtOnce)) await this.#startReturn(key);
    let isReachable = true;
    for (const key of await leases.findReturning(pairsAtOnce)) {
      isReachable = (await this.#return(key, isReachable)) !== 'unreachable' && isReachable;
    }
    await this.#report();
  }

  /** The session ends after the lease and before the tokens are counted: none can be handed out uncounted. */
  async #startReturn(key: string): Promise<void> {
    const { leases, sessions, log } = this.#options;
    const isOurs = await leases.startReturn(key);
    await sessions.end(key);
    if (isOurs) log.info({ event: 'pool.returning', clause: 'TS 33.203 X.4.2.1' });
  }

  /** One return runs at a time for a lease. */
  #return(key: string, isReachable: boolean): Promise<Outcome> {
    const running = this.#returns.get(key);
    if (running !== undefined) return running;
    const returning = this.#revokeAndFinish(key, isReachable).finally(() => this.#returns.delete(key));
    this.#returns.set(key, returning);
    return returning;
  }

  async #revokeAndFinish(key: string, isReachable: boolean): Promise<Outcome> {
    const { leases, handedTokens, log } = this.#options;
    const tokens = await handedTokens.of(key);
    const outcome = isReachable ? await this.#revoke(tokens) : 'unreachable';
    // Others must not wait behind what the WAF refuses.
    if (outcome === 'refused') await leases.postponeReturn(key);
    if (outcome !== 'returned') return outcome;
    await handedTokens.remove(tokens);
    await leases.finishReturn(key, { wasUsed: tokens.length > 0 });
    log.debug({ event: 'pool.returned' });
    return outcome;
  }

  async #revoke(tokens: readonly HandedToken[]): Promise<Outcome> {
    const { waf, log } = this.#options;
    try {
      // The list keeps its tokens until all are revoked: to revoke one again does no harm (RFC 7009 2.2).
      for (const { accessToken } of tokens) await waf.revoke(accessToken, 'access_token');
      return 'returned';
    } catch (error) {
      if (!(error instanceof WwsfError)) throw error;
      log.warn({ event: 'revocation.failed', reason: error.code });
      return error instanceof WafUnavailable ? 'unreachable' : 'refused';
    }
  }

  async #report(): Promise<void> {
    this.#options.onChange(await this.#options.leases.count());
  }
}
