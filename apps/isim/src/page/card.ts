/**
 * The card: a profile behind a PIN, its sequence numbers, and who may use it (TS 31.103 7.1, TS 33.203 X.2.3).
 *
 * K, OPc, CK, IK and RES live here for the time of a command and leave in no form (TS 33.203 X.2.3.3). Each command and
 * each try of a PIN is alone among all tabs.
 *
 * @module
 */
import {
  akaDigestAnswer,
  createSequenceState,
  parseAkaNonce,
  type SequenceState,
  type SequenceStore,
  SoftIsim,
} from '@wicgate/aka';
import { CardLocked } from './errors.ts';
import type { Profile } from './profile.ts';
import type { RecordStore } from './record-store.ts';
import { createDeviceKey, createSalt, deriveKey, open, seal } from './vault.ts';

export interface Identity {
  readonly impi: string;
  readonly impu: string;
}

/** What goes to the WIC, and nothing else. */
export type SimAnswer =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'synchronisation failure'; readonly auts: string }
  | { readonly kind: 'mac failure' };

export type CardStatus =
  | { readonly kind: 'empty' | 'blocked' }
  | { readonly kind: 'locked' | 'open'; readonly triesLeft: number };

export interface CardOptions {
  readonly records: RecordStore;
  /** Web Locks: held by one tab at a time. */
  readonly locks: Pick<LockManager, 'request'>;
}

interface Header {
  /** Another one for each profile that was given. */
  readonly id: string;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly triesLeft: number;
}

interface Unlocked {
  readonly id: string;
  readonly key: CryptoKey;
  readonly identity: Identity;
}

export const pinPattern: RegExp = /^\d{4,8}$/u;
export const maxTries = 3;
const maxConsents = 32;
const lockName = 'wicgate-isim';
const lockTimeoutMs = 20_000;

export class Card {
  readonly #records: RecordStore;
  readonly #locks: CardOptions['locks'];
  #unlocked: Unlocked | undefined;

  constructor({ records, locks }: CardOptions) {
    this.#records = records;
    this.#locks = locks;
  }

  /** Undefined while the card is locked. */
  get identity(): Identity | undefined {
    return this.#unlocked?.identity;
  }

  async status(): Promise<CardStatus> {
    const header = await this.#readHeader();
    if (header === undefined) return { kind: 'empty' };
    const { id, triesLeft } = header;
    if (triesLeft === 0) return { kind: 'blocked' };
    return { kind: this.#unlocked?.id === id ? 'open' : 'locked', triesLeft };
  }

  /** In place of what there was; the card is open afterwards. @throws {TypeError} the PIN has not 4 to 8 digits. */
  install(profile: Profile, pin: string): Promise<void> {
    if (!pinPattern.test(pin)) throw new TypeError('PIN: expected 4 to 8 digits');
    return this.#alone(async () => {
      const device = await createDeviceKey();
      const header: Header = { id: crypto.randomUUID(), salt: createSalt(), triesLeft: maxTries };
      const key = await deriveKey(pin, header.salt, device);
      const plain = encodeProfile(profile);
      await this.#records.write({
        device,
        header,
        profile: await seal(key, labelOf('profile', header.id), plain),
        sequence: await sealJson(key, labelOf('sequence', header.id), createSequenceState(profile.sqn)),
        consents: undefined,
      });
      wipe(plain, profile.k, profile.opc);
      this.#unlocked = { id: header.id, key, identity: { impi: profile.impi, impu: profile.impu } };
    });
  }

  /** The try counts before it is made. After the last wrong one nothing is left to guess. */
  unlock(pin: string): Promise<CardStatus> {
    return this.#alone(async () => {
      const header = await this.#readHeader();
      const device = await this.#records.read('device');
      if (header === undefined || header.triesLeft === 0 || !(device instanceof CryptoKey)) return this.status();
      const left = header.triesLeft - 1;
      await this.#records.write({ header: { ...header, triesLeft: left } });
      const key = await deriveKey(pin, header.salt, device);
      const plain = await open(key, labelOf('profile', header.id), await this.#records.read('profile'));
      if (plain === undefined) {
        const nothing = { device: undefined, profile: undefined, sequence: undefined, consents: undefined };
        if (left === 0) await this.#records.write(nothing);
        return left === 0 ? { kind: 'blocked' } : { kind: 'locked', triesLeft: left };
      }
      await this.#records.write({ header: { ...header, triesLeft: maxTries } });
      this.#unlocked = { id: header.id, key, identity: decodeProfile(plain).identity };
      wipe(plain);
      return { kind: 'open', triesLeft: maxTries };
    });
  }

  lock(): void {
    this.#unlocked = undefined;
  }

  async remove(): Promise<void> {
    this.#unlocked = undefined;
    await this.#alone(() =>
      this.#records.write({
        device: undefined,
        header: undefined,
        profile: undefined,
        sequence: undefined,
        consents: undefined,
      }),
    );
  }

  /**
   * AUTHENTICATE, and what the ME makes of its answer. The sequence number is kept before the answer leaves.
   *
   * @throws {CardLocked} @throws {AkaNonceMalformed} @throws {StorageRefused}
   */
  authenticate(nonce: string): Promise<SimAnswer> {
    return this.#alone(async () => {
      const { id, key } = await this.#needUnlocked();
      const plain = await open(key, labelOf('profile', id), await this.#records.read('profile'));
      if (plain === undefined) throw new CardLocked();
      const { k, opc } = decodeProfile(plain);
      try {
        const { rand, autn } = parseAkaNonce(nonce);
        const result = await new SoftIsim({ keys: { k, opc }, store: this.#sequence(id, key) }).authenticate(
          rand,
          autn,
        );
        const answer = akaDigestAnswer('AKAv2-SHA-256', result);
        if (result.outcome === 'success') wipe(result.res, result.ck, result.ik);
        if (answer === undefined) return { kind: 'mac failure' };
        const { password, auts } = answer;
        return auts === undefined
          ? { kind: 'password', password: String(password) }
          : { kind: 'synchronisation failure', auts };
      } finally {
        wipe(plain, k, opc);
      }
    });
  }

  /** The origins that the person has let use the card. @throws {CardLocked} */
  async allowedOrigins(): Promise<readonly string[]> {
    const { id, key } = await this.#needUnlocked();
    const list = await openJson(key, labelOf('consents', id), await this.#records.read('consents'));
    return Array.isArray(list) ? list.filter((origin) => typeof origin === 'string') : [];
  }

  /** @throws {CardLocked} */
  setAllowed(origin: string, isAllowed: boolean): Promise<void> {
    return this.#alone(async () => {
      const { id, key } = await this.#needUnlocked();
      const others = (await this.allowedOrigins()).filter((other) => other !== origin);
      const list = isAllowed ? [...others, origin].slice(-maxConsents) : others;
      await this.#records.write({ consents: await sealJson(key, labelOf('consents', id), list) });
    });
  }

  #sequence(id: string, key: CryptoKey): SequenceStore {
    const label = labelOf('sequence', id);
    return {
      // One that cannot be read is an error of the SoftIsim, and never a fresh start.
      load: async () => (await openJson(key, label, await this.#records.read('sequence'))) ?? null,
      save: async (state: SequenceState) => this.#records.write({ sequence: await sealJson(key, label, [...state]) }),
    };
  }

  /** Another tab may have given another profile meanwhile. */
  async #needUnlocked(): Promise<Unlocked> {
    const header = await this.#readHeader();
    const unlocked = this.#unlocked;
    if (unlocked === undefined || header?.id !== unlocked.id || header.triesLeft === 0) {
      this.#unlocked = undefined;
      throw new CardLocked();
    }
    return unlocked;
  }

  async #readHeader(): Promise<Header | undefined> {
    const value = await this.#records.read('header');
    return isHeader(value) ? value : undefined;
  }

  async #alone<T>(run: () => Promise<T>): Promise<T> {
    return this.#locks.request(lockName, { signal: AbortSignal.timeout(lockTimeoutMs) }, run) as Promise<T>;
  }
}

function isHeader(value: unknown): value is Header {
  return typeof value === 'object' && value !== null && 'id' in value && 'salt' in value && 'triesLeft' in value;
}

function labelOf(name: string, id: string): string {
  return `${name} ${id}`;
}

/** K, OPc and AMF, then the identities: octets, so that they can be wiped. */
function encodeProfile({ impi, impu, k, opc, amf }: Profile): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...k, ...opc, ...amf, ...new TextEncoder().encode(JSON.stringify({ impi, impu }))]);
}

function decodeProfile(plain: Uint8Array): { k: Uint8Array; opc: Uint8Array; identity: Identity } {
  const { impi, impu } = JSON.parse(new TextDecoder().decode(plain.subarray(34))) as Identity;
  return { k: plain.slice(0, 16), opc: plain.slice(16, 32), identity: { impi, impu } };
}

async function sealJson(key: CryptoKey, label: string, value: unknown) {
  return seal(key, label, new TextEncoder().encode(JSON.stringify(value)));
}

async function openJson(key: CryptoKey, label: string, sealed: unknown): Promise<unknown> {
  const plain = await open(key, label, sealed);
  return plain === undefined ? undefined : (JSON.parse(new TextDecoder().decode(plain)) as unknown);
}

function wipe(...secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}
