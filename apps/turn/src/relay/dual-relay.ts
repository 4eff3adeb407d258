/**
 * The relayed transport addresses of a dual allocation: one of each family, which may end one before the other
 * (RFC 8656 7.2, 8.2).
 *
 * @module
 */
import type { Endpoint } from '@wicgate/stun';
import type { Clock } from '../clock.ts';
import { type AddressFamily, type DatagramReceiver, familyOf, type RelaySocket } from './relay-socket.ts';

export class DualRelay implements RelaySocket {
  readonly local: Endpoint;
  readonly locals: readonly Endpoint[];
  readonly #clock: Clock;
  /** Those that have not ended. */
  readonly #members = new Map<AddressFamily, RelaySocket>();
  /** The family that ends before the allocation does. */
  #early: { readonly family: AddressFamily; readonly atMs: number; readonly stopTimer: () => void } | undefined;

  constructor(ipv4: RelaySocket, ipv6: RelaySocket, clock: Clock) {
    this.local = ipv4.local;
    this.locals = [ipv4.local, ipv6.local];
    this.#clock = clock;
    this.#members.set('IPv4', ipv4);
    this.#members.set('IPv6', ipv6);
  }

  serves(family: AddressFamily): boolean {
    return this.#members.has(family);
  }

  /** Whether both are there. */
  get isWhole(): boolean {
    return this.#members.size > 1;
  }

  listen(receive: DatagramReceiver): void {
    for (const member of this.#members.values()) member.listen(receive);
  }

  send(data: Buffer, address: string, port: number): boolean {
    return this.#members.get(familyOf(address))?.send(data, address, port) ?? false;
  }

  /** When the family ends, Unix milliseconds; undefined if it lives as long as the allocation. */
  endOf(family: AddressFamily): number | undefined {
    return this.#early?.family === family ? this.#early.atMs : undefined;
  }

  /** Ends the family then, and calls back. */
  endAt(family: AddressFamily, atMs: number, onEnd: () => void): void {
    this.endTogether();
    const stopTimer = this.#clock.after(atMs - this.#clock.now(), () => {
      this.end(family);
      onEnd();
    });
    this.#early = { family, atMs, stopTimer };
  }

  /** Both live as long as the allocation again. */
  endTogether(): void {
    this.#early?.stopTimer();
    this.#early = undefined;
  }

  end(family: AddressFamily): void {
    this.endTogether();
    this.#members.get(family)?.close();
    this.#members.delete(family);
  }

  close(): void {
    this.endTogether();
    for (const member of this.#members.values()) member.close();
    this.#members.clear();
  }
}
