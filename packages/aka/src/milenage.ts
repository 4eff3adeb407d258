/**
 * Milenage, the example set of authentication functions that the world uses (TS 35.206 4.1).
 *
 *     TEMP = E(RAND xor OPc)
 *     OUTn = E(rot(TEMP xor OPc, rn) xor cn) xor OPc       for n from 2 to 5
 *     OUT1 = E(TEMP xor rot(IN1 xor OPc, r1) xor c1) xor OPc,  IN1 = SQN AMF SQN AMF
 *
 * @module
 */
import { ecb } from '@noble/ciphers/aes.js';
import { requireOctets } from './require-octets.ts';
import { xor } from './xor.ts';

/** A subscriber's secrets. */
export interface MilenageKeys {
  /** 16 octets. */
  readonly k: Uint8Array;
  /** 16 octets; {@link deriveOpc} makes it of the operator's OP. */
  readonly opc: Uint8Array;
}

/** What RAND alone gives. Secret. */
export interface F2345 {
  /** 8 octets: RES at the ISIM, XRES at the HSS. */
  readonly res: Uint8Array;
  /** 16 octets. */
  readonly ck: Uint8Array;
  /** 16 octets. */
  readonly ik: Uint8Array;
  /** 6 octets: hides SQN in AUTN. */
  readonly ak: Uint8Array;
}

/** The functions of one subscriber; RAND has 16 octets, SQN 6 and AMF 2. They throw TypeError on other lengths. */
export interface Milenage {
  /** MAC-A, 8 octets. */
  readonly f1: (rand: Uint8Array, sqn: Uint8Array, amf: Uint8Array) => Uint8Array;
  /** MAC-S, 8 octets: for resynchronisation. */
  readonly f1Star: (rand: Uint8Array, sqn: Uint8Array, amf: Uint8Array) => Uint8Array;
  /** f2, f3, f4 and f5, which share most of their work. */
  readonly f2345: (rand: Uint8Array) => F2345;
  /** AK for resynchronisation, 6 octets: hides SQN in AUTS. */
  readonly f5Star: (rand: Uint8Array) => Uint8Array;
}

const blockOctets = 16;

/**
 * OPc = OP xor E(OP) (TS 35.206 4.1): computed once, so that no card need hold the operator's OP.
 *
 * @throws {TypeError} K or OP has not 16 octets.
 */
export function deriveOpc(k: Uint8Array, op: Uint8Array): Uint8Array {
  requireOctets('K', k, blockOctets);
  requireOctets('OP', op, blockOctets);
  return xor(op, ecb(k, { disablePadding: true }).encrypt(op));
}

/**
 * Keeps copies of the keys where nobody can read or print them.
 *
 * @throws {TypeError} K or OPc has not 16 octets.
 */
export function createMilenage(keys: MilenageKeys): Milenage {
  requireOctets('K', keys.k, blockOctets);
  requireOctets('OPc', keys.opc, blockOctets);
  const k = keys.k.slice();
  const opc = keys.opc.slice();
  const encrypt = (blocks: Uint8Array): Uint8Array => ecb(k, { disablePadding: true }).encrypt(blocks);

  function temp(rand: Uint8Array): Uint8Array {
    requireOctets('RAND', rand, blockOctets);
    return encrypt(xor(rand, opc));
  }

  function out1(rand: Uint8Array, sqn: Uint8Array, amf: Uint8Array): Uint8Array {
    requireOctets('SQN', sqn, 6);
    requireOctets('AMF', amf, 2);
    const in1 = new Uint8Array([...sqn, ...amf, ...sqn, ...amf]);
    // r1 is 64 bits, c1 is zero.
    return xor(encrypt(xor(temp(rand), rotate(xor(in1, opc), 8))), opc);
  }

  /** OUTn one after another, for pairs of rn in octets and the last octet of cn; the rest of cn is zero. */
  function outputs(rand: Uint8Array, ...constants: readonly (readonly [number, number])[]): readonly Uint8Array[] {
    const hidden = xor(temp(rand), opc);
    const blocks = new Uint8Array(constants.length * blockOctets);
    for (const [at, [rotation, constant]] of constants.entries()) {
      const end = (at + 1) * blockOctets;
      blocks.set(rotate(hidden, rotation), end - blockOctets);
      blocks[end - 1] = (blocks[end - 1] ?? 0) ^ constant;
    }
    const encrypted = encrypt(blocks);
    return constants.map((_, at) => xor(encrypted.subarray(at * blockOctets, (at + 1) * blockOctets), opc));
  }

  return {
    f1: (rand, sqn, amf) => out1(rand, sqn, amf).slice(0, 8),
    f1Star: (rand, sqn, amf) => out1(rand, sqn, amf).slice(8),
    f2345: (rand) => {
      const [out2, ck, ik] = outputs(rand, [0, 1], [4, 2], [8, 4]) as [Uint8Array, Uint8Array, Uint8Array];
      return { res: out2.slice(8), ck, ik, ak: out2.slice(0, 6) };
    },
    f5Star: (rand) => {
      const [out5] = outputs(rand, [12, 8]) as [Uint8Array];
      return out5.slice(0, 6);
    },
  };
}

/** The octet `by` comes first: a rotation to the left. */
function rotate(block: Uint8Array, by: number): Uint8Array {
  return block.map((_, at) => block[(at + by) % blockOctets] ?? 0);
}
