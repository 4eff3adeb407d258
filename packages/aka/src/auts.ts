/**
 * AUTS, by which an ISIM tells the HSS its highest sequence number (TS 33.102 6.3.3).
 *
 *     AUTS  = (SQN_MS xor f5*(RAND)) || MAC-S
 *     MAC-S = f1*(SQN_MS, RAND, AMF*),  AMF* = 00 00
 *
 * @module
 */
import { concatBytes } from '@noble/hashes/utils.js';
import { AutsRejected } from './errors.ts';
import { isSameOctets } from './is-same-octets.ts';
import type { Milenage } from './milenage.ts';
import { requireOctets } from './require-octets.ts';
import { decodeSqn, encodeSqn } from './sequence-number.ts';
import { xor } from './xor.ts';

export const autsOctets = 14;

const sqnOctets = 6;
const amfStar: Uint8Array = new Uint8Array(2);

/** 14 octets: what the ISIM answers to that RAND. @throws {TypeError} a length or the range of SQN_MS is wrong. */
export function createAuts(milenage: Milenage, rand: Uint8Array, sqnMs: number): Uint8Array {
  const sqn = encodeSqn(sqnMs);
  return concatBytes(xor(sqn, milenage.f5Star(rand)), milenage.f1Star(rand, sqn, amfStar));
}

/**
 * SQN_MS, the highest sequence number that the ISIM has accepted.
 *
 * @throws {AutsRejected} MAC-S is wrong.
 * @throws {TypeError} RAND has not 16 or AUTS not 14 octets.
 */
export function openAuts(milenage: Milenage, rand: Uint8Array, auts: Uint8Array): number {
  requireOctets('AUTS', auts, autsOctets);
  const sqn = xor(auts.subarray(0, sqnOctets), milenage.f5Star(rand));
  if (!isSameOctets(auts.subarray(sqnOctets), milenage.f1Star(rand, sqn, amfStar))) throw new AutsRejected();
  return decodeSqn(sqn);
}
