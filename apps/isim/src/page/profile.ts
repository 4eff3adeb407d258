/**
 * The profile of a subscriber: what an operator would write on a card (TS 31.103 4.2; K and OPc of TS 35.206).
 *
 * The file is JSON: `impi`, `impu`, `K`, one of `OP` and `OPc`, and where wanted `AMF` and `SQN`, the last five in
 * hexadecimal digits. Names may be written in upper or lower case.
 *
 * @module
 */
import { deriveOpc } from '@wicgate/aka';
import { ProfileMalformed } from './errors.ts';

export interface Profile {
  readonly impi: string;
  readonly impu: string;
  /** 16 octets; secret. */
  readonly k: Uint8Array<ArrayBuffer>;
  /** 16 octets; secret. */
  readonly opc: Uint8Array<ArrayBuffer>;
  /** 2 octets. */
  readonly amf: Uint8Array<ArrayBuffer>;
  /** The highest sequence number that was used. */
  readonly sqn: number;
}

export const maxProfileCharacters = 4_096;

const patterns = {
  impi: [/^[^\s\p{Cc}"\\<>@]{1,64}@[A-Za-z0-9.-]{1,190}$/u, 'a private identity, name@domain'],
  impu: [/^(?:sips?:[^\s\p{Cc}"\\<>@]{1,64}@[A-Za-z0-9.-]{1,190}|tel:\+?[0-9()*#.-]{1,32})$/u, 'a sip: or tel: URI'],
  k: [/^[0-9a-f]{32}$/iu, '32 hexadecimal digits'],
  op: [/^[0-9a-f]{32}$/iu, '32 hexadecimal digits'],
  opc: [/^[0-9a-f]{32}$/iu, '32 hexadecimal digits'],
  amf: [/^[0-9a-f]{4}$/iu, '4 hexadecimal digits'],
  sqn: [/^[0-9a-f]{12}$/iu, '12 hexadecimal digits'],
} as const;

type Field = keyof typeof patterns;

/** @throws {ProfileMalformed} */
export function readProfile(text: string): Profile {
  if (text.length > maxProfileCharacters) {
    throw new ProfileMalformed('file', `at most ${maxProfileCharacters} characters`);
  }
  const fields = readFields(text);
  const need = (field: Field): string => {
    const value = fields.get(field);
    if (value === undefined) throw new ProfileMalformed(field, patterns[field][1]);
    return value;
  };
  const [impi, impu, k] = [need('impi'), need('impu'), need('k')];
  if (fields.has('op') === fields.has('opc')) throw new ProfileMalformed('op, opc', 'one of the two');
  const key = octets(k);
  const opc = fields.has('opc') ? octets(need('opc')) : Uint8Array.from(deriveOpc(key, octets(need('op'))));
  const sqn = Number.parseInt(fields.get('sqn') ?? '0', 16);
  return { impi, impu, k: key, opc, amf: octets(fields.get('amf') ?? '8000'), sqn };
}

function readFields(text: string): ReadonlyMap<Field, string> {
  const fields = new Map<Field, string>();
  for (const [name, value] of Object.entries(parseObject(text))) {
    const lower = name.toLowerCase();
    if (!Object.hasOwn(patterns, lower)) {
      throw new ProfileMalformed('file', `nothing but ${Object.keys(patterns).join(', ')}`);
    }
    const field = lower as Field;
    if (fields.has(field)) throw new ProfileMalformed(field, 'it once');
    const [pattern, expected] = patterns[field];
    if (typeof value !== 'string' || !pattern.test(value)) throw new ProfileMalformed(field, expected);
    fields.set(field, value);
  }
  return fields;
}

function parseObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProfileMalformed('file', 'JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProfileMalformed('file', 'a JSON object');
  }
  return value;
}

function octets(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../gu) ?? [], (pair) => Number.parseInt(pair, 16));
}
