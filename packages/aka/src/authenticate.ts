/**
 * What AUTHENTICATE computes in the ISIM (TS 31.103 7.1, TS 33.102 6.3.3).
 *
 * @module
 */
import { createAuts } from './auts.ts';
import { isSameOctets } from './is-same-octets.ts';
import type { Milenage } from './milenage.ts';
import { requireOctets } from './require-octets.ts';
import { decodeSqn } from './sequence-number.ts';
import { acceptSqn, checkSqn, highestSqn, type SequenceRules, type SequenceState } from './sequence-state.ts';
import { xor } from './xor.ts';

/** What the card answers; RES, CK and IK are secret. */
export type AuthenticateResult =
  | {
      readonly outcome: 'success';
      /** 8 octets. */
      readonly res: Uint8Array;
      /** 16 octets. */
      readonly ck: Uint8Array;
      /** 16 octets. */
      readonly ik: Uint8Array;
    }
  | {
      /** AUTN is the network's, its sequence number not in the range. */
      readonly outcome: 'synchronisation failure';
      /** 14 octets. */
      readonly auts: Uint8Array;
    }
  /** AUTN is not the network's. */
  | { readonly outcome: 'MAC failure' };

export interface AuthenticateInput {
  readonly milenage: Milenage;
  readonly state: SequenceState;
  readonly rules?: SequenceRules;
  /** 16 octets. */
  readonly rand: Uint8Array;
  /** 16 octets. */
  readonly autn: Uint8Array;
}

export interface Authenticated {
  readonly result: AuthenticateResult;
  /** Another one than before on success only; it is stored before the result is used. */
  readonly state: SequenceState;
}

/**
 * The MAC is looked at before the sequence number: only the network learns that one.
 *
 * @throws {TypeError} RAND or AUTN has not 16 octets.
 */
export function authenticate({ milenage, state, rules = {}, rand, autn }: AuthenticateInput): Authenticated {
  requireOctets('RAND', rand, 16);
  requireOctets('AUTN', autn, 16);
  const { res, ck, ik, ak } = milenage.f2345(rand);
  const sqn = xor(autn.subarray(0, 6), ak);
  const mac = milenage.f1(rand, sqn, autn.subarray(6, 8));
  if (!isSameOctets(mac, autn.subarray(8))) return { result: { outcome: 'MAC failure' }, state };

  const number = decodeSqn(sqn);
  if (checkSqn(state, number, rules) !== 'fresh') {
    const auts = createAuts(milenage, rand, highestSqn(state));
    return { result: { outcome: 'synchronisation failure', auts }, state };
  }
  return { result: { outcome: 'success', res, ck, ik }, state: acceptSqn(state, number) };
}
