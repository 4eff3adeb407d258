/**
 * A network without a network: WICs of one process that register and call each other.
 *
 * It behaves as the real one does as far as a user interface can tell: several browsers of one user ring at once,
 * one tab of a browser registers, a cut line is noticed and repaired.
 *
 * @module
 */
import { anonymousPeer, type CallEndCause } from '@wicgate/wic-sdk';
import type { InMemoryCall } from './in-memory-call.ts';
import { InMemoryWic, type InMemoryWicOptions } from './in-memory-wic.ts';

export class InMemoryNetwork {
  readonly homeDomain: string;
  readonly #subscribers = new Map<string, string | undefined>();
  readonly #wics = new Set<InMemoryWic>();
  /** Which WIC of a browser may register. */
  readonly #holders = new Map<string, InMemoryWic>();
  #up = true;
  #slow = false;

  constructor(homeDomain: string) {
    this.homeDomain = homeDomain;
  }

  /** Makes a user known; until then a call to the name fails as `unknown user`. */
  provision(impu: string, displayName?: string): void {
    this.#subscribers.set(impu, displayName);
  }

  open(options: InMemoryWicOptions): InMemoryWic {
    const wic = new InMemoryWic(this, options);
    this.#wics.add(wic);
    return wic;
  }

  get isUp(): boolean {
    return this.#up;
  }

  /** Every WIC loses its connection, and tries again until `restore`. */
  cut(): void {
    this.#up = false;
    for (const wic of this.#wics) wic.lineChanged();
  }

  restore(): void {
    this.#up = true;
    for (const wic of this.#wics) wic.lineChanged();
  }

  /** From now on the network takes calls and says no more about them. */
  slow(): void {
    this.#slow = true;
  }

  displayName(impu: string): string | undefined {
    return this.#subscribers.get(impu);
  }

  /** True when `wic` may register: no other tab of its browser does. */
  claim(wic: InMemoryWic): boolean {
    const holder = this.#holders.get(wic.browser) ?? wic;
    this.#holders.set(wic.browser, holder);
    return holder === wic;
  }

  /** Moves the right to register to `wic`. */
  move(wic: InMemoryWic): void {
    const holder = this.#holders.get(wic.browser);
    this.#holders.set(wic.browser, wic);
    if (holder !== wic) holder?.displace();
  }

  forget(wic: InMemoryWic): void {
    this.#wics.delete(wic);
    if (this.#holders.get(wic.browser) === wic) this.#holders.delete(wic.browser);
  }

  /** Rings wherever `impu` is registered, or says why it cannot. */
  route(call: InMemoryCall, from: InMemoryWic, impu: string, video: boolean): CallEndCause | undefined {
    if (!this.#up) return 'connection lost';
    if (this.#slow) return undefined;
    if (!this.#subscribers.has(impu)) return 'unknown user';
    const registered = [...this.#wics].filter((wic) => wic.impu === impu && wic.isRegistered && wic !== from);
    if (registered.length === 0) return 'not registered';
    const free = registered.filter((wic) => wic.takesCalls);
    if (free.length === 0) return 'busy';
    const peer = from.isAnonymous ? anonymousPeer : { uri: from.impu, displayName: this.displayName(from.impu) };
    call.ring(free.map((wic) => wic.offer(peer, video)));
    return undefined;
  }
}
