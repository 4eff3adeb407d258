/**
 * One pass over everything for all forms of all secrets at once.
 *
 * @module
 */
import type { Canary, SecretKind } from './canaries.ts';
import type { Item, Place } from './evidence.ts';
import { type Form, formsOf } from './forms.ts';

export interface Found {
  readonly kind: SecretKind;
  readonly form: string;
  readonly place: Place;
  readonly at: string;
}

interface Needle extends Form {
  readonly kind: SecretKind;
}

/** By their first three octets; a flag for each three says whether there are any. */
interface Index {
  readonly flags: Uint8Array;
  readonly needles: ReadonlyMap<number, readonly Needle[]>;
}

/** Each kind, form and place once. */
export function findSecrets(items: readonly Item[], canaries: readonly Canary[]): readonly Found[] {
  const index = createIndex(canaries);
  const found = new Map<string, Found>();
  for (const { place, at, octets } of items) {
    for (const { kind, name: form } of findNeedles(octets, index)) {
      found.set([kind, form, place, at].join('\0'), { kind, form, place, at });
    }
  }
  return [...found.values()];
}

function createIndex(canaries: readonly Canary[]): Index {
  const flags = new Uint8Array(1 << 24);
  const needles = new Map<number, Needle[]>();
  for (const { kind, value } of canaries) {
    for (const form of formsOf(value)) {
      const key = form.octets.readUIntBE(0, 3);
      const others = needles.get(key) ?? [];
      others.push({ ...form, kind });
      needles.set(key, others);
      flags[key] = 1;
    }
  }
  return { flags, needles };
}

function findNeedles(octets: Buffer, { flags, needles }: Index): ReadonlySet<Needle> {
  const found = new Set<Needle>();
  let key = 0;
  for (let end = 0; end < octets.length; end += 1) {
    key = ((key << 8) | (octets[end] ?? 0)) & 0xff_ffff;
    if (end < 2 || flags[key] !== 1) continue;
    for (const needle of needles.get(key) ?? []) if (standsAt(octets, end - 2, needle)) found.add(needle);
  }
  return found;
}

function standsAt(octets: Buffer, start: number, needle: Needle): boolean {
  const end = start + needle.octets.length;
  if (end > octets.length || octets.compare(needle.octets, 0, undefined, start, end) !== 0) return false;
  return !needle.isWord || !(isWordOctet(octets[start - 1]) || isWordOctet(octets[end]));
}

function isWordOctet(octet: number | undefined): boolean {
  return octet !== undefined && /\w/u.test(String.fromCharCode(octet));
}
