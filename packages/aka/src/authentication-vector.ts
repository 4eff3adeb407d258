/**
 * Authentication vectors of the HSS (TS 33.102 6.3.2).
 *
 *     AUTN = (SQN xor AK) || AMF || MAC
 *
 * @module
 */
import { concatBytes } from '@noble/hashes/utils.js';
import type { Milenage } from './milenage.ts';
import { encodeSqn } from './sequence-number.ts';
import { xor } from './xor.ts';

/** One vector, good for one authentication. All but RAND and AUTN is secret. */
export interface AuthenticationVector {
  /** 16 octets. */
  readonly rand: Uint8Array;
  /** 16 octets. */
  readonly autn: Uint8Array;
  /** 8 octets. */
  readonly xres: Uint8Array;
  /** 16 octets. */
  readonly ck: Uint8Array;
  /** 16 octets. */
  readonly ik: Uint8Array;
}

export interface AuthenticationVectorSource {
  readonly milenage: Milenage;
  /** 2 octets (TS 33.102 annex F). */
  readonly amf: Uint8Array;
  /** Never used before: the result of nextSqn, stored before the vector leaves. */
  readonly sqn: number;
  /** 16 octets from a cryptographic random generator. */
  readonly rand: Uint8Array;
}

/** @throws {TypeError} a length or the range of SQN is wrong. */
export function createAuthenticationVector(source: AuthenticationVectorSource): AuthenticationVector {
  const { milenage, amf } = source;
  const rand = source.rand.slice();
  const sqn = encodeSqn(source.sqn);
  const mac = milenage.f1(rand, sqn, amf);
  const { res, ck, ik, ak } = milenage.f2345(rand);
  return { rand, autn: concatBytes(xor(sqn, ak), amf, mac), xres: res, ck, ik };
}
