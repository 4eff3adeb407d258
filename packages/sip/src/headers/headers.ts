/**
 * The header fields of a message, in order, with their spelling (RFC 3261 7.3).
 *
 * Immutable and lazy: a field that nobody touches leaves as the octets it came in; a change shares the rest.
 *
 * @module
 */
import { isTokenCharacter } from '../grammar/characters.ts';
import { headerKey, isListHeader } from './header-name.ts';
import { splitList } from './split-list.ts';

/** One header field line. */
export interface HeaderField {
  /** Long form, lower case. */
  readonly key: string;
  /** Unfolded and trimmed. */
  readonly value: string;
  /** As it stands in the message, without the last line end. */
  readonly line: string;
}

export class Headers implements Iterable<HeaderField> {
  static readonly empty = new Headers([]);
  readonly #fields: readonly HeaderField[];

  constructor(fields: readonly HeaderField[]) {
    this.#fields = fields;
  }

  /** Header fields from names and values, in that order. */
  static of(...fields: readonly (readonly [name: string, value: string])[]): Headers {
    return new Headers(fields.map(([name, value]) => createField(name, value)));
  }

  get size(): number {
    return this.#fields.length;
  }

  [Symbol.iterator](): Iterator<HeaderField> {
    return this.#fields[Symbol.iterator]();
  }

  has(name: string): boolean {
    return this.#find(headerKey(name)) >= 0;
  }

  /** The first value of `name`; of a list header field the first value before a comma. */
  first(name: string): string | undefined {
    const key = headerKey(name);
    const field = this.#fields[this.#findFirst(key)];
    if (field === undefined || !isListHeader(key)) return field?.value;
    return splitList(field.value)[0];
  }

  /** Every value of `name` from top to bottom, list header fields split at their commas. */
  all(name: string): readonly string[] {
    const key = headerKey(name);
    const values: string[] = [];
    for (const field of this.#fields) {
      if (field.key !== key) continue;
      if (isListHeader(key)) values.push(...splitList(field.value));
      else values.push(field.value);
    }
    return values;
  }

  /** How many header fields (lines) of `name` there are. */
  count(name: string): number {
    const key = headerKey(name);
    let count = 0;
    for (const field of this.#fields) if (field.key === key) count += 1;
    return count;
  }

  /** With one more field at the end. */
  with(name: string, value: string): Headers {
    return new Headers([...this.#fields, createField(name, value)]);
  }

  /** With one more field before the first of its name, or on top where there is none. */
  prepend(name: string, value: string): Headers {
    const at = Math.max(0, this.#find(headerKey(name)));
    return new Headers([...this.#fields.slice(0, at), createField(name, value), ...this.#fields.slice(at)]);
  }

  /** With `value` as the only field of its name, where the first one stood. */
  set(name: string, value: string): Headers {
    const key = headerKey(name);
    const at = this.#find(key);
    if (at < 0) return this.with(name, value);
    const field = createField(name, value);
    return new Headers(
      this.#fields.flatMap((other, index) => (index === at ? [field] : other.key === key ? [] : [other])),
    );
  }

  /** Without any field of these names; the same object where there is none. */
  without(...names: readonly string[]): Headers {
    const keys = names.map(headerKey);
    const kept = this.#fields.filter(({ key }) => !keys.includes(key));
    return kept.length === this.#fields.length ? this : new Headers(kept);
  }

  /** Without the topmost value of a list header field such as Via or Route. */
  withoutFirst(name: string): Headers {
    const key = headerKey(name);
    const at = this.#findFirst(key);
    const field = this.#fields[at];
    if (field === undefined) return this;
    const rest = isListHeader(key) ? splitList(field.value).slice(1) : [];
    const left = rest.length === 0 ? [] : [createField(name, rest.join(', '))];
    return new Headers([...this.#fields.slice(0, at), ...left, ...this.#fields.slice(at + 1)]);
  }

  /** With the topmost value of a list header field replaced. */
  replaceFirst(name: string, value: string): Headers {
    const at = Math.max(0, this.#findFirst(headerKey(name)));
    const without = this.withoutFirst(name).#fields;
    return new Headers([...without.slice(0, at), createField(name, value), ...without.slice(at)]);
  }

  /** The lines, each with its line end. */
  toString(): string {
    let text = '';
    for (const { line } of this.#fields) text += `${line}\r\n`;
    return text;
  }

  /** Where the topmost value stands: a line of a list header field may be empty (RFC 3261 7.3.1). */
  #findFirst(key: string): number {
    if (!isListHeader(key)) return this.#find(key);
    return this.#fields.findIndex((field) => field.key === key && splitList(field.value).length > 0);
  }

  #find(key: string): number {
    for (let index = 0; index < this.#fields.length; index += 1) if (this.#fields[index]?.key === key) return index;
    return -1;
  }
}

/** @throws {TypeError} no token for a name, or a line end in the value: it would write header fields of its own. */
function createField(name: string, value: string): HeaderField {
  if (!isToken(name)) throw new TypeError('expected a token for a header field name');
  if (hasLineEnd(value)) throw new TypeError(`${headerKey(name)}: expected no line end`);
  return { key: headerKey(name), value, line: `${name}: ${value}` };
}

function isToken(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (!isTokenCharacter(text.charCodeAt(at))) return false;
  return text !== '';
}

function hasLineEnd(text: string): boolean {
  return text.includes('\r') || text.includes('\n') || text.includes('\0');
}
