/**
 * A sequence number and its parts: SQN = SEQ || IND, with 43 and 5 bits (TS 33.102 C.1.1.1, C.3.2).
 *
 * As a number it is a safe integer; bit operators would cut it.
 *
 * @module
 */
import { requireOctets } from './require-octets.ts';

/** The two parts of SQN. */
export interface SequenceNumber {
  /** 0 to {@link maxSeq}: the counter. */
  readonly seq: number;
  /** 0 to 31: the entry in the ISIM's array. */
  readonly ind: number;
}

/** How many values IND has. */
export const indexCount = 32;
export const maxSeq: number = 2 ** 43 - 1;

const sqnOctets = 6;

/** @throws {TypeError} `sqn` is not a whole number of 48 bits. */
export function splitSqn(sqn: number): SequenceNumber {
  requireSqn(sqn);
  return { seq: Math.floor(sqn / indexCount), ind: sqn % indexCount };
}

/** @throws {TypeError} SEQ or IND is out of range. */
export function joinSqn({ seq, ind }: SequenceNumber): number {
  if (!isWithin(seq, maxSeq)) throw new TypeError('SEQ: expected a whole number of 43 bits');
  if (!isWithin(ind, indexCount - 1)) throw new TypeError('IND: expected a whole number of 5 bits');
  return seq * indexCount + ind;
}

/** 6 octets, the highest first. @throws {TypeError} `sqn` is not a whole number of 48 bits. */
export function encodeSqn(sqn: number): Uint8Array {
  requireSqn(sqn);
  const octets = new Uint8Array(sqnOctets);
  const view = new DataView(octets.buffer);
  view.setUint16(0, Math.floor(sqn / 2 ** 32));
  view.setUint32(2, sqn % 2 ** 32);
  return octets;
}

/** @throws {TypeError} these are not 6 octets. */
export function decodeSqn(octets: Uint8Array): number {
  requireOctets('SQN', octets, sqnOctets);
  const view = new DataView(octets.buffer, octets.byteOffset, sqnOctets);
  return view.getUint16(0) * 2 ** 32 + view.getUint32(2);
}

function requireSqn(sqn: number): void {
  if (!isWithin(sqn, 2 ** 48 - 1)) throw new TypeError('SQN: expected a whole number of 48 bits');
}

function isWithin(value: number, limit: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= limit;
}
