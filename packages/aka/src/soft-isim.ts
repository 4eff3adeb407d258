/**
 * An ISIM without a card (TS 31.103 7.1): takes RAND and AUTN, keeps its keys and its sequence numbers.
 *
 * @module
 */
import { type AuthenticateResult, authenticate } from './authenticate.ts';
import { IsimBusy } from './errors.ts';
import { createMilenage, type Milenage, type MilenageKeys } from './milenage.ts';
import { requireOctets } from './require-octets.ts';
import {
  createSequenceState,
  readRules,
  readSequenceState,
  type SequenceRules,
  type SequenceState,
} from './sequence-state.ts';

/** Where the sequence numbers outlive the ISIM. Several ISIMs of one subscriber need one lock around a command. */
export interface SequenceStore {
  /** What was saved last; undefined for a new ISIM. It is checked. */
  readonly load: () => Promise<unknown>;
  readonly save: (state: SequenceState) => Promise<void>;
}

export interface SoftIsimOptions {
  readonly keys: MilenageKeys;
  readonly store: SequenceStore;
  readonly rules?: SequenceRules;
}

const commandLimit = 8;

export class SoftIsim {
  readonly #milenage: Milenage;
  readonly #store: SequenceStore;
  readonly #rules: SequenceRules;
  #commands = 0;
  /** Settles, never rejects, when the last command has ended. */
  #idle: Promise<unknown> = Promise.resolve();

  /** @throws {TypeError} a key has not 16 octets, or a rule is out of range. */
  constructor({ keys, store, rules = {} }: SoftIsimOptions) {
    this.#milenage = createMilenage(keys);
    this.#store = store;
    this.#rules = readRules(rules);
  }

  /**
   * The AUTHENTICATE command: one after another, as in a card. The new state is saved before RES comes out.
   *
   * @throws {TypeError} RAND or AUTN has not 16 octets.
   * @throws {IsimBusy} 8 commands are not yet answered.
   * @throws {SequenceStateMalformed} the store gave something else; what it throws itself passes as it is.
   */
  async authenticate(rand: Uint8Array, autn: Uint8Array): Promise<AuthenticateResult> {
    requireOctets('RAND', rand, 16);
    requireOctets('AUTN', autn, 16);
    if (this.#commands === commandLimit) throw new IsimBusy(commandLimit);
    this.#commands += 1;
    const copies = [rand.slice(), autn.slice()] as const;
    const command = this.#idle.then(() => this.#run(...copies));
    this.#idle = command.then(
      () => this.#end(),
      () => this.#end(),
    );
    return command;
  }

  async #run(rand: Uint8Array, autn: Uint8Array): Promise<AuthenticateResult> {
    const loaded = await this.#store.load();
    const before = loaded === undefined ? createSequenceState() : readSequenceState(loaded);
    const { result, state } = authenticate({
      milenage: this.#milenage,
      rules: this.#rules,
      state: before,
      rand,
      autn,
    });
    if (state !== before) await this.#store.save(state);
    return result;
  }

  #end(): void {
    this.#commands -= 1;
  }
}
