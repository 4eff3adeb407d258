/**
 * The registration of one address of record by a user agent (RFC 3261 10.2).
 *
 * @module
 */
import { SipError } from '../errors.ts';
import { formatContact, parseContact } from '../headers/contact.ts';
import type { NameAddr } from '../headers/name-addr.ts';
import type { SipResponse } from '../messages/message.ts';
import type { Clock } from '../transactions/clock.ts';
import { type Actions, Machine, type MachineStart } from '../transactions/machine.ts';
import { refreshAfterMs } from '../usages/refresh-after.ts';
import { TimerGroup } from '../usages/timer-group.ts';
import { RegisterQueue, type RegisterQueueOptions } from './register-queue.ts';
import { type Registered, readRegistered } from './registered.ts';
import type { RegistrationFailure } from './registration-failure.ts';
import {
  type RegistrationAction,
  type RegistrationEvent,
  type RegistrationStatus,
  registrationTable,
} from './registration-table.ts';

/** Where a registration stands. */
export interface RegistrationState {
  readonly status: RegistrationStatus;
  /** What stands at the registrar as far as this end knows; it may outlive a failed refresh. */
  readonly registered: Registered | undefined;
  /** Of the last request, while {@link status} is `failed`. */
  readonly failure: RegistrationFailure | undefined;
}

/** The answer to a question for the bindings. */
export type FetchOutcome =
  | { readonly type: 'fetched'; readonly registered: Registered }
  | { readonly type: 'failed'; readonly failure: RegistrationFailure };

/** Whom to register where, how REGISTERs leave, and who hears of it. */
export interface RegistrationOptions extends Omit<RegisterQueueOptions, 'authorize' | 'createHeaders'> {
  readonly clock: Clock;
  readonly authorize?: RegisterQueueOptions['authorize'];
  readonly createHeaders?: RegisterQueueOptions['createHeaders'];
  /** From 0 up to 1: spreads the refreshes. */
  readonly random: () => number;
  /** What this end is reached at: see `createOutboundContact` for one that keeps its flow. */
  readonly contacts: readonly NameAddr[];
  readonly expiresSeconds: number;
  /** After each change. */
  readonly onState: (state: RegistrationState) => void;
}

interface Payload {
  readonly registered?: Registered;
  readonly failure?: RegistrationFailure;
}

/** What one wish sends at most: other contacts are bound, and those there were removed. */
const maxRequests = 2;

/** Keeps the contacts of this end bound until it is told to remove or to forget them; the timers end with that. */
export class Registration {
  static readonly #actions: Actions<RegistrationAction, Registration, Payload> = {
    'bind': (self) => self.#bind(),
    'remove': (self) => self.#remove(self.#removal, () => self.#machine.handle('2xx')),
    'keep': (self, payload) => self.#keep(payload?.registered),
    'forget': (self) => self.#forget(),
    'tell': (self, payload) => self.#tell(payload?.failure),
  };
  readonly #options: RegistrationOptions;
  readonly #queue: RegisterQueue;
  readonly #timers: TimerGroup<'refresh' | 'expiry'>;
  readonly #machine: Machine<RegistrationStatus, RegistrationEvent, RegistrationAction, Registration, Payload>;
  #contacts: readonly NameAddr[];
  /** More than the options say, once a registrar wanted more. */
  #askedSeconds: number;
  #removal: readonly NameAddr[] | '*' = [];
  #registered: Registered | undefined;
  #failure: RegistrationFailure | undefined;
  /** Tells the answer to the last wish from those that were overtaken. */
  #turn = 0;

  /** Nothing is sent before {@link register}. @throws {TypeError} no contact, or one that could break out. */
  constructor(options: RegistrationOptions) {
    const { registrar, aor, fromTag, callId, send, authorize, createHeaders = () => [] } = options;
    if (options.contacts.length === 0) throw new TypeError('expected at least one contact');
    options.contacts.map(formatContact);
    this.#options = options;
    this.#contacts = options.contacts;
    this.#askedSeconds = options.expiresSeconds;
    this.#timers = new TimerGroup(options.clock);
    this.#queue = new RegisterQueue({ registrar, aor, fromTag, callId, send, authorize, createHeaders });
    const start: MachineStart<RegistrationStatus, Registration> = {
      owner: this,
      initial: 'unregistered',
      clock: options.clock,
    };
    this.#machine = new Machine(registrationTable, Registration.#actions, start);
  }

  get state(): RegistrationState {
    return { status: this.#machine.state, registered: this.#registered, failure: this.#failure };
  }

  /**
   * Binds the contacts, or refreshes them now; `contacts` in the place of those there were, which are removed.
   *
   * @throws {TypeError} no contact, one that could break out, or too many wishes wait. Nothing has changed then.
   */
  register(contacts?: readonly NameAddr[]): void {
    // One place more: whoever has wished too much may still leave.
    this.#queue.requireRoom(maxRequests + 1);
    if (contacts !== undefined) this.#replace(contacts);
    this.#machine.handle(contacts === undefined ? 'register' : 'rebind');
  }

  /** Removes the contacts of this end (RFC 3261 10.2.2). @throws {TypeError} too many wishes wait. */
  unregister(): void {
    this.#leave(this.#contacts);
  }

  /**
   * Removes every binding of the address of record, those of other devices too (RFC 3261 10.2.2).
   *
   * @throws {TypeError} too many wishes wait.
   */
  unregisterAll(): void {
    this.#leave('*');
  }

  /** Asks what is bound; changes nothing (RFC 3261 10.2.3). @throws {TypeError} too many questions wait. */
  fetch(inform: (outcome: FetchOutcome) => void): void {
    this.#queue.ask({
      onSuccess: (response) => inform(readFetched(response, this.#contacts)),
      onFailure: (failure) => inform({ type: 'failed', failure }),
    });
  }

  /** Stops without a word to the registrar, where the binding stays until its time is over. */
  close(): void {
    this.#queue.clear();
    this.#machine.handle('close');
    this.#timers.stopAll();
  }

  #leave(removal: readonly NameAddr[] | '*'): void {
    if (!this.#machine.accepts('unregister')) return;
    this.#queue.requireRoom(1);
    this.#removal = removal;
    this.#machine.handle('unregister');
  }

  #replace(contacts: readonly NameAddr[]): void {
    if (contacts.length === 0) throw new TypeError('expected at least one contact');
    // One that could break out is refused here, not when its REGISTER leaves.
    contacts.map(formatContact);
    const gone = this.#contacts.filter(({ uri }) => !contacts.some((each) => each.uri === uri));
    this.#contacts = contacts;
    if (gone.length > 0 && this.#machine.state !== 'unregistered') this.#remove(gone, () => undefined);
  }

  #bind(): void {
    this.#turn += 1;
    const turn = this.#turn;
    const contacts = this.#contacts;
    this.#timers.stop('refresh');
    this.#queue.push({
      contacts,
      expiresSeconds: this.#askedSeconds,
      onSuccess: (response, askedSeconds) => {
        if (turn === this.#turn) this.#onBound(response, contacts, askedSeconds);
      },
      onFailure: (failure) => this.#fail(turn, failure),
    });
  }

  #remove(contacts: readonly NameAddr[] | '*', onRemoved: () => void): void {
    this.#turn += 1;
    const turn = this.#turn;
    this.#timers.stop('refresh');
    this.#queue.push({
      contacts: contacts === '*' ? contacts : contacts.map(withoutExpires),
      expiresSeconds: 0,
      onSuccess: () => {
        if (turn === this.#turn) onRemoved();
      },
      onFailure: (failure) => this.#fail(turn, failure),
    });
  }

  #fail(turn: number, failure: RegistrationFailure): void {
    if (turn === this.#turn) this.#machine.handle('failure', { failure });
  }

  #onBound(response: SipResponse, contacts: readonly NameAddr[], askedSeconds: number): void {
    this.#askedSeconds = askedSeconds;
    try {
      const registered = readRegistered(response, contacts.map(readSent), askedSeconds);
      if (registered.expiresSeconds > 0) this.#machine.handle('2xx', { registered });
      else this.#machine.handle('failure', { failure: { type: 'not bound', response } });
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.#machine.handle('failure', { failure: { type: 'malformed', error } });
    }
  }

  #keep(registered: Registered | undefined): void {
    if (registered === undefined) return;
    this.#registered = registered;
    const lifetimeMs = registered.expiresSeconds * 1_000;
    this.#timers.start('refresh', refreshAfterMs(lifetimeMs, this.#options.random), () =>
      this.#machine.handle('timer refresh'),
    );
    this.#timers.start('expiry', lifetimeMs, () => {
      this.#registered = undefined;
      this.#machine.handle('timer expiry', this.#failure === undefined ? {} : { failure: this.#failure });
    });
  }

  #forget(): void {
    this.#timers.stopAll();
    this.#registered = undefined;
  }

  #tell(failure: RegistrationFailure | undefined): void {
    // What failed at once, before it could be told of, is not forgotten when it is.
    if (failure !== undefined || this.#machine.state !== 'failed') this.#failure = failure;
    this.#options.onState(this.state);
  }
}

/** A time of its own would count before the Expires that removes it (RFC 3261 10.2.1.1). */
function withoutExpires(contact: NameAddr): NameAddr {
  if (!contact.params.has('expires')) return contact;
  return { ...contact, params: new Map([...contact.params].filter(([name]) => name !== 'expires')) };
}

function readSent(contact: NameAddr): ReturnType<typeof parseContact> {
  return parseContact(formatContact(contact));
}

function readFetched(response: SipResponse, contacts: readonly NameAddr[]): FetchOutcome {
  try {
    return { type: 'fetched', registered: readRegistered(response, contacts.map(readSent), 0) };
  } catch (error) {
    if (error instanceof SipError) return { type: 'failed', failure: { type: 'malformed', error } };
    throw error;
  }
}
