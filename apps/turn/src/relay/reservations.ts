/**
 * Relayed transport addresses that wait for a second Allocate request of the same user (RFC 8656 7.2, 18.10).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { RequestRefused } from '../errors.ts';
import type { RelaySocket } from './relay-socket.ts';

/** RFC 8656 7.2: at least so long. */
export const reservationMs = 30_000;
const tokenLength = 8;
const maxReservations = 256;
const maxOfUser = 8;

interface Reservation {
  readonly tid: string;
  readonly relay: RelaySocket;
  readonly stopTimer: () => void;
}

export class Reservations {
  readonly #clock: Clock;
  readonly #reservations = new Map<string, Reservation>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws {RequestRefused} 508 the user, or all together, hold too many. */
  requireRoom(tid: string): void {
    const ofUser = [...this.#reservations.values()].filter((reservation) => reservation.tid === tid).length;
    if (ofUser >= maxOfUser || this.#reservations.size >= maxReservations) {
      throw new RequestRefused('ERR_TURN_INSUFFICIENT_CAPACITY', `expected at most ${maxOfUser} reservations`);
    }
  }

  /** RESERVATION-TOKEN for the relay, which is held open for 30 s. */
  add(tid: string, relay: RelaySocket): Buffer {
    const token = randomBytes(tokenLength);
    const key = token.toString('hex');
    const stopTimer = this.#clock.after(reservationMs, () => {
      this.#reservations.delete(key);
      relay.close();
    });
    this.#reservations.set(key, { tid, relay, stopTimer });
    return token;
  }

  /** Hands the relay over; undefined where the token is over, was used, or belongs to another user. */
  take(tid: string, token: Buffer): RelaySocket | undefined {
    const key = token.toString('hex');
    const reservation = this.#reservations.get(key);
    if (reservation?.tid !== tid) return undefined;
    this.#reservations.delete(key);
    reservation.stopTimer();
    return reservation.relay;
  }

  endAll(): void {
    for (const { relay, stopTimer } of this.#reservations.values()) {
      stopTimer();
      relay.close();
    }
    this.#reservations.clear();
  }
}
