/**
 * The ways in which somebody might write a secret down.
 *
 * Base64 of a longer text shows a secret in it in one of three ways, by where it begins; all three are here.
 *
 * @module
 */

export interface Form {
  readonly name: string;
  readonly octets: Buffer;
  /** Digits alone: found only where no letter or digit stands beside them. */
  readonly isWord: boolean;
}

const minOctets = 8;

export function formsOf(value: string | Uint8Array): readonly Form[] {
  const octets = Buffer.from(value);
  const reversed = Buffer.from(octets.toReversed());
  const texts: readonly (readonly [name: string, text: string])[] = [
    ['hexadecimal', octets.toString('hex')],
    ['hexadecimal in upper case', octets.toString('hex').toUpperCase()],
    ['reversed hexadecimal', reversed.toString('hex')],
    ['reversed hexadecimal in upper case', reversed.toString('hex').toUpperCase()],
    ['list of numbers', octets.join(',')],
    ...[0, 1, 2].flatMap((offset) => base64At(octets, offset)),
    ...(typeof value === 'string' ? textForms(value) : octetForms(octets)),
  ];
  const forms = [{ name: 'raw', octets }, ...texts.map(([name, text]) => ({ name, octets: Buffer.from(text) }))];
  const different = new Map(forms.toReversed().map((form) => [form.octets.toString('latin1'), form]));
  return [...different.values()]
    .filter((form) => form.octets.length >= minOctets)
    .map((form) => ({ ...form, isWord: /^\d+$/u.test(form.octets.toString('latin1')) }));
}

/** The characters that it alone decides, where so many octets more than a multiple of three stand before it. */
function base64At(octets: Buffer, offset: number): readonly (readonly [string, string])[] {
  const padded = Buffer.concat([Buffer.alloc(offset), octets]);
  const [from, to] = [offset === 0 ? 0 : offset + 1, Math.floor((padded.length * 8) / 6)];
  return [
    [`base64 at ${offset}`, padded.toString('base64').slice(from, to)],
    [`base64url at ${offset}`, padded.toString('base64url').slice(from, to)],
    [`URL-encoded base64 at ${offset}`, encodeURIComponent(padded.toString('base64').slice(from, to))],
  ];
}

function textForms(text: string): readonly (readonly [string, string])[] {
  return [
    ['URL-encoded', encodeURIComponent(text)],
    ['of a form', new URLSearchParams({ '': text }).toString().slice(1)],
    ['of JSON', JSON.stringify(text).slice(1, -1)],
    [
      'of HTML',
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    ],
  ];
}

function octetForms(octets: Buffer): readonly (readonly [string, string])[] {
  return [
    ['hexadecimal with colons', octets.toString('hex').match(/../gu)?.join(':') ?? ''],
    ['characters', octets.toString('latin1')],
    ['URL-encoded', [...octets].map((octet) => `%${octet.toString(16).padStart(2, '0')}`).join('')],
  ];
}
