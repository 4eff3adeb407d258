/**
 * The subscriber of the tests: K and OP of set 1.
 *
 * @module
 */
import { createMilenage, type Milenage, type MilenageKeys } from '../src/milenage.ts';
import { milenageSets } from './milenage-sets.ts';
import { octets } from './octets.ts';

const [set1] = milenageSets;

export const keys: MilenageKeys = { k: octets(set1.k), opc: octets(set1.opc) };
export const milenage: Milenage = createMilenage(keys);
export const amf: Uint8Array = octets('8000');
export const rand: Uint8Array = octets(set1.rand);
