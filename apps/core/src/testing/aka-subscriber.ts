/**
 * One AKA subscriber, both ends: the authentication centre with real vectors, and the ISIM (TS 33.102 6.3).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import * as aka from '@wicgate/aka';
import { type AkaAuthDataItem, baseResult, type MultimediaAuthAnswer, type MultimediaAuthRequest } from '@wicgate/cx';
import type { AkaAnswer, DigestAlgorithm, DigestChallenge } from '@wicgate/sip';

/** TS 35.207 4.3, set 1. */
const octets = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
export const akaKeys: aka.MilenageKeys = {
  k: octets('465b5ce8b199b49faa5f0a2ee238a6bc'),
  opc: octets('cd63cb71954a9f4e48a5994e37a02baf'),
};
const amf = octets('8000');
/** The same, as an operator gives them to the HSS. */
export const provisionedKeys = {
  k: '465b5ce8b199b49faa5f0a2ee238a6bc',
  opc: 'cd63cb71954a9f4e48a5994e37a02baf',
} as const;

export class AkaSubscriber {
  /** What was answered to each challenge. */
  readonly outcomes: aka.AuthenticateResult['outcome'][] = [];
  /** Every vector that left. */
  readonly vectors: AkaAuthDataItem[] = [];
  readonly #home: aka.Milenage = aka.createMilenage(akaKeys);
  readonly #isim: aka.Milenage;
  #sqnHe = aka.joinSqn({ seq: 1_000, ind: 0 });
  #state = aka.createSequenceState();

  /** With another K the ISIM takes no challenge for the network's. */
  constructor(isimKeys: aka.MilenageKeys = akaKeys) {
    this.#isim = aka.createMilenage(isimKeys);
  }

  /** The counter of the home network falls behind. */
  forgetSqn(): void {
    this.#sqnHe = 0;
  }

  /** MAA (TS 29.228 6.3). */
  readonly multimediaAuth = ({ sipAuthorization }: MultimediaAuthRequest): MultimediaAuthAnswer => {
    if (sipAuthorization !== undefined) {
      const [rand, auts] = [sipAuthorization.slice(0, 16), sipAuthorization.slice(16)];
      this.#sqnHe = aka.resynchroniseSqn({ milenage: this.#home, rand, auts, sqnHe: this.#sqnHe });
    }
    this.#sqnHe = aka.nextSqn(this.#sqnHe);
    const rand = Uint8Array.from(randomBytes(16));
    const vector = aka.createAuthenticationVector({ milenage: this.#home, amf, sqn: this.#sqnHe, rand });
    const item: AkaAuthDataItem = {
      scheme: 'Digest-AKAv1-MD5',
      sipAuthenticate: Uint8Array.from([...vector.rand, ...vector.autn]),
      sipAuthorization: vector.xres,
      confidentialityKey: vector.ck,
      integrityKey: vector.ik,
    };
    this.vectors.push(item);
    return { ...baseResult('DIAMETER_SUCCESS'), authItems: [item] };
  };

  /** For a Digest client. */
  readonly answer = ({ nonce, algorithm: name }: DigestChallenge, _: DigestAlgorithm): AkaAnswer | undefined => {
    const algorithm = aka.findAkaDigestAlgorithm(name ?? '');
    if (algorithm === undefined) return undefined;
    const { rand, autn } = aka.parseAkaNonce(nonce);
    const { result, state } = aka.authenticate({ milenage: this.#isim, state: this.#state, rand, autn });
    this.#state = state;
    this.outcomes.push(result.outcome);
    return aka.akaDigestAnswer(algorithm, result);
  };
}
