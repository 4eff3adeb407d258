/**
 * A SIM, and what the operator provisions for it (TS 35.206, TS 33.102 6.3).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  akaDigestAnswer,
  authenticate,
  createMilenage,
  createSequenceState,
  deriveOpc,
  findAkaDigestAlgorithm,
  parseAkaNonce,
} from '@wicgate/aka';
import type { AkaAnswer, DigestUser } from '@wicgate/sip';

export class AkaCard {
  readonly #k = randomBytes(16);
  readonly #op = randomBytes(16);
  #state = createSequenceState();
  /** What answered the last challenge. */
  last: AkaAnswer | undefined;

  /** For the subscription. */
  get provisioned(): Readonly<Record<string, string>> {
    return { k: this.#k.toString('hex'), op: this.#op.toString('hex') };
  }

  readonly answer: NonNullable<DigestUser['aka']> = ({ nonce, algorithm: name }) => {
    const algorithm = findAkaDigestAlgorithm(name ?? '');
    if (algorithm === undefined) return undefined;
    const milenage = createMilenage({ k: this.#k, opc: deriveOpc(this.#k, this.#op) });
    const { result, state } = authenticate({ milenage, state: this.#state, ...parseAkaNonce(nonce) });
    this.#state = state;
    this.last = akaDigestAnswer(algorithm, result);
    return this.last;
  };
}
