/**
 * REGISTERs one after the other: none leaves before the last one has its final response (RFC 3261 10.2).
 *
 * @module
 */
import type { NameAddr } from '../headers/name-addr.ts';
import type { SipResponse } from '../messages/message.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import { raisedExpires } from '../usages/raised-expires.ts';
import { type Authorize, sendAuthorized } from '../usages/send-authorized.ts';
import type { SendRequest } from '../usages/send-request.ts';
import { createRegister, type RegisterFields } from './create-register.ts';
import { type RegistrationFailure, readRegistrationFailure } from './registration-failure.ts';

/** What all REGISTERs of one boot have in common. */
export interface RegisterQueueOptions extends Pick<RegisterFields, 'registrar' | 'aor' | 'fromTag' | 'callId'> {
  readonly send: SendRequest;
  readonly authorize: Authorize | undefined;
  /** Further header fields of each REGISTER, asked for when it leaves. */
  readonly createHeaders: () => RegisterFields['headers'];
}

/** One REGISTER to be, and who hears of it: one of the two, once. */
export interface Register {
  readonly contacts: readonly NameAddr[] | '*';
  readonly expiresSeconds: number | undefined;
  /** `askedSeconds` is what was asked for at last, after any 423. */
  readonly onSuccess: (response: SipResponse, askedSeconds: number) => void;
  readonly onFailure: (failure: RegistrationFailure) => void;
}

/** More than these have nothing to say that matters. */
const maxWaiting = 8;
/** Questions leave the rest of the queue to what binds and removes. */
const maxQuestions = 4;

/** Up to eight REGISTERs that wait, and the one under way. */
export class RegisterQueue {
  readonly #options: RegisterQueueOptions;
  readonly #waiting: Register[] = [];
  #current: Register | undefined;
  #sequence = 0;

  constructor(options: RegisterQueueOptions) {
    this.#options = options;
  }

  /** @throws {TypeError} less than `count` more may wait. */
  requireRoom(count: number): void {
    if (this.#waiting.length + count > maxWaiting)
      throw new TypeError(`expected at most ${maxWaiting} REGISTERs to wait`);
  }

  /** Asks what is bound when its turn comes. @throws {TypeError} four questions wait, or eight REGISTERs. */
  ask(register: Omit<Register, 'contacts' | 'expiresSeconds'>): void {
    const questions = this.#waiting.filter(({ expiresSeconds }) => expiresSeconds === undefined);
    if (questions.length >= maxQuestions) throw new TypeError(`expected at most ${maxQuestions} questions to wait`);
    this.push({ ...register, contacts: [], expiresSeconds: undefined });
  }

  /** Sends it when its turn comes. @throws {TypeError} eight wait. */
  push(register: Register): void {
    this.requireRoom(1);
    this.#waiting.push(register);
    if (this.#current === undefined) this.#next();
  }

  /** Forgets all, also what is under way. */
  clear(): void {
    this.#waiting.length = 0;
    this.#current = undefined;
  }

  #next(): void {
    const register = this.#waiting.shift();
    this.#current = register;
    if (register !== undefined) this.#send(register, register.expiresSeconds, 0);
  }

  #send(register: Register, expiresSeconds: number | undefined, raises: number): void {
    const { createHeaders, send, authorize, ...fields } = this.#options;
    const nextSequence = (): number => {
      this.#sequence += 1;
      return this.#sequence;
    };
    const { contacts } = register;
    const headers = createHeaders();
    const request = createRegister({ ...fields, contacts, expiresSeconds, headers, sequence: nextSequence() });
    // What was cleared meanwhile is nobody's answer any more.
    const isWanted = (): boolean => this.#current === register;
    sendAuthorized(request, { send, authorize, nextSequence, isWanted }, (event) => {
      if (isWanted()) this.#onAnswer(event, register, expiresSeconds, raises);
    });
  }

  #onAnswer(event: ClientEvent, register: Register, askedSeconds: number | undefined, raises: number): void {
    if (event.type !== 'response') {
      this.#next();
      register.onFailure(event);
      return;
    }
    const { response } = event;
    if (response.statusCode < 200) return;
    const raised = askedSeconds === undefined ? undefined : raisedExpires(response, askedSeconds, raises);
    if (raised !== undefined && askedSeconds !== 0) {
      this.#send(register, raised, raises + 1);
      return;
    }
    this.#next();
    if (response.statusCode < 300) register.onSuccess(response, askedSeconds ?? 0);
    else register.onFailure(readRegistrationFailure(response));
  }
}
