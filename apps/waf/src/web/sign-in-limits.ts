/**
 * Bounds on what strangers can start: requests of one address a minute, and unfinished sign-ins (oidc-provider's
 * interactions) of one address and in total. Who comes too late is refused; nobody's sign-in gives way to another's.
 *
 * Kept in memory: what a restart forgets ends by itself within the lifetime of an interaction.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http';
import { networkOf } from '@wicgate/node-kit';
import type { Config } from '../config.ts';

type Limits = Pick<Config, 'WAF_REQUESTS_PER_ADDRESS' | 'WAF_INTERACTIONS_PER_ADDRESS' | 'WAF_INTERACTIONS'>;

interface Unfinished {
  readonly network: string;
  readonly endsAtMs: number;
}

/** What a request is refused for: its own address, or what everybody does together. */
export type Overload = 'tooMany' | 'busy';

export const interactionSeconds = 600;
const windowMs = 60_000;
/** Addresses counted in one window. */
const addressLimit = 100_000;

export class SignInLimits {
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #networks = new WeakMap<IncomingMessage, string>();
  readonly #requests = new Map<string, number>();
  #windowEndsAtMs = 0;
  /** By uid, the oldest first: all have the same lifetime. */
  readonly #unfinished = new Map<string, Unfinished>();
  readonly #unfinishedOf = new Map<string, number>();

  /** `now` never goes back, as a clock may: a window would last for as long. */
  constructor(limits: Limits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Why this request must not be served, or undefined. Remembers whose it is, for {@link started}. */
  admit(request: IncomingMessage, address: string, isStart: boolean): Overload | undefined {
    const network = networkOf(address);
    this.#networks.set(request, network);
    const overload = this.#count(network);
    if (overload !== undefined || !isStart) return overload;

    this.#forgetEnded();
    const own = this.#unfinishedOf.get(network) ?? 0;
    if (own >= this.#limits.WAF_INTERACTIONS_PER_ADDRESS) return 'tooMany';
    return this.#unfinished.size >= this.#limits.WAF_INTERACTIONS ? 'busy' : undefined;
  }

  /** `request` has led to the interaction `uid`. */
  started(request: IncomingMessage, uid: string): void {
    const network = this.#networks.get(request);
    if (network === undefined) return;
    this.#unfinished.set(uid, { network, endsAtMs: this.#now() + interactionSeconds * 1_000 });
    this.#unfinishedOf.set(network, (this.#unfinishedOf.get(network) ?? 0) + 1);
  }

  ended(uid: string): void {
    const { network } = this.#unfinished.get(uid) ?? {};
    if (network === undefined) return;
    this.#unfinished.delete(uid);
    const left = (this.#unfinishedOf.get(network) ?? 1) - 1;
    if (left === 0) this.#unfinishedOf.delete(network);
    else this.#unfinishedOf.set(network, left);
  }

  #count(network: string): Overload | undefined {
    const now = this.#now();
    if (now >= this.#windowEndsAtMs) {
      this.#requests.clear();
      this.#windowEndsAtMs = now + windowMs;
    }
    const count = this.#requests.get(network) ?? 0;
    if (count >= this.#limits.WAF_REQUESTS_PER_ADDRESS) return 'tooMany';
    if (count === 0 && this.#requests.size >= addressLimit) return 'busy';
    this.#requests.set(network, count + 1);
    return undefined;
  }

  #forgetEnded(): void {
    for (const [uid, { endsAtMs }] of this.#unfinished) {
      if (endsAtMs > this.#now()) return;
      this.ended(uid);
    }
  }
}
