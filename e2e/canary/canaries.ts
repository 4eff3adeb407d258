/**
 * Every secret of a run, by kind: what is searched for.
 *
 * @module
 */

export const secretKinds = [
  'web password',
  'web password typed as user name',
  'password hash',
  'SIP password',
  'H(A1) of SIP Digest',
  'K',
  'OP',
  'OPc',
  'PIN',
  'RES',
  'CK',
  'IK',
  'AKA password',
  'H(A1) of AKA',
  'TURN key',
  'TURN password',
  'static TURN key',
  'TURN operator token',
  'AS-RS key',
  'TURN access token',
  'TURN session key',
  'access token',
  'refresh token',
  'ID token',
  'authorization code',
  'code verifier',
  'client assertion',
  'revocation statement',
  'WAF cookie',
  'WWSF cookie',
  'CSRF token',
  'form token',
  'private key',
  'cookie key',
  'hashing key',
  'sealing key',
  'flow token key',
  'ice-pwd',
] as const;

export type SecretKind = (typeof secretKinds)[number];

export interface Canary {
  readonly kind: SecretKind;
  /** Text as it is written, octets as they are. */
  readonly value: string | Uint8Array;
}

/** Shorter ones would be found by chance. */
const minOctets = 8;
const maxCanaries = 5_000;

export class Canaries {
  readonly #byText = new Map<string, Canary>();

  /** Nothing happens where it is known already. @throws {TypeError} it is too short to be told from chance. */
  add(kind: SecretKind, value: string | Uint8Array): void {
    const octets = Buffer.from(value);
    if (octets.length < minOctets) throw new TypeError(`${kind}: expected at least ${minOctets} octets`);
    if (this.#byText.size >= maxCanaries) throw new TypeError(`expected at most ${maxCanaries} secrets`);
    this.#byText.set(`${kind} ${octets.toString('hex')}`, { kind, value });
  }

  get all(): readonly Canary[] {
    return [...this.#byText.values()];
  }

  /** The kinds of which there is none: a search for nothing finds nothing. */
  get missing(): readonly SecretKind[] {
    const found = new Set(this.all.map(({ kind }) => kind));
    return secretKinds.filter((kind) => !found.has(kind));
  }
}
