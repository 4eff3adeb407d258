/**
 * The state of the session of one dialog: who has offered, and who owes an answer (RFC 3264 4, RFC 6337).
 *
 * Descriptions are not read here; only whether a message has one counts (see `findDescription`). A fork shares the offer
 * of the INVITE, and has a state of its own from there (RFC 6337 3.1.1).
 *
 * @module
 */
import { OfferOverlapped, OfferPending } from '../errors.ts';
import {
  type Carrier,
  type CarrierEvent,
  type DescriptionRole,
  type OfferAnswerRow,
  type OfferAnswerState,
  offerAnswerTable,
} from './offer-answer-table.ts';

/** This end, or the far one. */
export type End = 'local' | 'remote';

const requests: ReadonlySet<Carrier> = new Set<Carrier>(['INVITE', 'PRACK', 'UPDATE']);

/** What each message of one dialog may carry, and what it means there; tell it of all that is sent and received. */
export class OfferAnswer {
  readonly #random: () => number;
  #state: OfferAnswerState = 'stable';
  /** Who made the offer, or has to make it. */
  #offerer: End = 'local';
  #isEstablished = false;

  /** `random` gives 0 up to, not including, 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  get state(): OfferAnswerState {
    return this.#state;
  }

  /** Who made the last offer, or has to make one. */
  get offerer(): End {
    return this.#offerer;
  }

  /** At least one offer has its answer. */
  get isEstablished(): boolean {
    return this.#isEstablished;
  }

  /** Who has to answer the offer that is open; undefined where none is. */
  get answerer(): End | undefined {
    if (this.#state === 'stable' || this.#state === 'offer wanted') return undefined;
    return otherEnd(this.#offerer);
  }

  /** Whether a request of this end may carry an offer now (RFC 3264 4, RFC 3311 5.1). */
  get mayOffer(): boolean {
    return this.#state === 'stable';
  }

  /**
   * This end sends a message: what its description is.
   *
   * @throws {TypeError} the offer would meet another one, or a description is due and not there.
   */
  send(carrier: Carrier, hasDescription: boolean): DescriptionRole {
    const role = this.#find('local', carrier, hasDescription);
    if (role === undefined) throw new TypeError(`expected no offer in ${carrier} in state ${this.#state}`);
    if (role.role === 'missing') throw new TypeError(`expected a session description in ${carrier}`);
    return this.#move('local', carrier, role);
  }

  /**
   * The far end has sent a message: what its description is.
   *
   * @throws {OfferPending} our own offer waits for its answer: 491.
   * @throws {OfferOverlapped} the last offer of the far end waits for ours: 500.
   */
  receive(carrier: Carrier, hasDescription: boolean): DescriptionRole {
    const row = this.#find('remote', carrier, hasDescription);
    if (row !== undefined) return this.#move('remote', carrier, row);
    if (this.#offerer === 'local') throw new OfferPending();
    throw new OfferOverlapped(Math.floor(this.#random() * 11));
  }

  /** The dialog of another fork of the same INVITE: its offer is open there as it was here. */
  static fork(random: () => number, hasOffer: boolean): OfferAnswer {
    const fork = new OfferAnswer(random);
    fork.send('INVITE', hasOffer);
    return fork;
  }

  /** Undefined for an offer that may not be. */
  #find(sender: End, carrier: Carrier, hasDescription: boolean): OfferAnswerRow | undefined {
    const event: CarrierEvent = `${hasDescription ? 'full' : 'empty'} ${carrier}`;
    const row = offerAnswerTable[this.#state][event];
    if (row !== undefined && this.#isFrom(row, sender)) return row;
    const isOpen = this.#state !== 'stable';
    const isOffer = requests.has(carrier) && (hasDescription || carrier === 'INVITE');
    if (isOpen && isOffer) return undefined;
    return { next: this.#state, role: hasDescription ? 'repeat' : 'none', from: 'anybody' };
  }

  #isFrom({ from }: OfferAnswerRow, sender: End): boolean {
    return from === 'anybody' || (from === 'offerer') === (sender === this.#offerer);
  }

  #move(sender: End, carrier: Carrier, { next, role }: OfferAnswerRow): DescriptionRole {
    // An INVITE without offer hands the part of the offerer to the far end.
    if (next === 'offer wanted' && carrier === 'INVITE') this.#offerer = otherEnd(sender);
    else if (role === 'offer') this.#offerer = sender;
    if (role === 'answer') this.#isEstablished = true;
    this.#state = next;
    return role;
  }
}

function otherEnd(end: End): End {
  return end === 'local' ? 'remote' : 'local';
}
