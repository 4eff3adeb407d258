/**
 * The header fields of a message, in order, with their spelling (RFC 3261 7.3).
 *
 * Immutable and lazy: a message's head stays one text, with marks where its fields stand. No field is cut out before
 * somebody asks for it; a change copies the order of the fields and no field; neighbours leave as one piece.
 *
 * @module
 */
import { HeaderMissing } from '../errors.ts';
import { createField, type HeaderField } from './header-field.ts';
import { fieldOf, fieldValueOf, foldedMark, type HeaderMarks, isSameName, marksPerField } from './header-marks.ts';
import { type HeaderName, headerName, tagMask } from './header-name.ts';
import { firstOfList, restOfList, splitList } from './split-list.ts';

/** A header field value in a text that may hold more. White space may stand around it. */
export interface Located {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A field of the text by its number, or one that was added. */
type Entry = number | HeaderField;

/** Our own constants: the engine folds them into its code, and not those of other modules. */
const perField: number = marksPerField;
const maskOfTag: number = tagMask;
const comma = 44;
const carriageReturn = 13;

export class Headers implements Iterable<HeaderField> {
  static readonly empty: Headers = new Headers([]);
  /** A head, start line and all. */
  readonly #text: string;
  readonly #marks: HeaderMarks;
  readonly #entries: readonly Entry[];
  /** Whether the entries are all fields of the text, in their order. */
  readonly #isWhole: boolean;

  /** Header fields as they stand; or some fields of `text`, by their numbers in `marks`, among others. */
  constructor(entries: readonly Entry[], text = '', marks: HeaderMarks = [], isWhole = false) {
    this.#entries = entries;
    this.#isWhole = isWhole;
    this.#text = text;
    this.#marks = marks;
  }

  /** Header fields from names and values, in that order. */
  static of(...fields: readonly (readonly [name: string, value: string])[]): Headers {
    return new Headers(fields.map(([name, value]) => createField(name, value)));
  }

  get size(): number {
    return this.#entries.length;
  }

  *[Symbol.iterator](): Iterator<HeaderField> {
    for (const entry of this.#entries)
      yield typeof entry === 'number' ? fieldOf(this.#text, this.#marks, entry) : entry;
  }

  has(name: string): boolean {
    return this.#find(headerName(name), 0) >= 0;
  }

  /** The first value of `name`; of a list header field the first value before a comma. */
  first(name: string): string | undefined {
    const wanted = headerName(name);
    const at = this.#findFirst(wanted);
    if (at < 0) return undefined;
    const value = this.#valueAt(at);
    return wanted.isList ? firstOfList(value) : value;
  }

  /**
   * The value of a header field that may be there once, as {@link first} gives it.
   *
   * @throws {HeaderMissing} there are several.
   */
  single(name: string): string | undefined {
    const wanted = headerName(name);
    const at = this.#find(wanted, 0);
    if (at < 0) return undefined;
    if (this.#find(wanted, at + 1) >= 0) throw new HeaderMissing(name, this.count(name));
    return this.#valueAt(at);
  }

  /**
   * Where the first value of `name` stands, for who reads it there instead of cutting it out.
   *
   * @throws {HeaderMissing} there is none.
   */
  locate(name: string): Located {
    const wanted = headerName(name);
    const at = this.#findFirst(wanted);
    if (at < 0) throw new HeaderMissing(name, 0);
    const entry = this.#entries[at] ?? 0;
    if (typeof entry === 'number' && ((this.#marks[perField * entry + 2] ?? 0) & foldedMark) === 0) {
      const start = this.#marks[perField * entry + 1] ?? 0;
      const end = (this.#marks[perField * entry + perField] ?? 0) - 2;
      if (!wanted.isList || isBeyond(this.#text.indexOf(',', start), end)) return { text: this.#text, start, end };
    }
    const value = this.#valueAt(at);
    const text = wanted.isList ? firstOfList(value) : value;
    return { text, start: 0, end: text.length };
  }

  /** Every value of `name` from top to bottom, list header fields split at their commas. */
  all(name: string): readonly string[] {
    const wanted = headerName(name);
    const values: string[] = [];
    for (let at = this.#find(wanted, 0); at >= 0; at = this.#find(wanted, at + 1)) {
      const value = this.#valueAt(at);
      if (!wanted.isList) values.push(value);
      else if (!value.includes(',')) {
        if (value !== '') values.push(value);
      } else for (const part of splitList(value)) values.push(part);
    }
    return values;
  }

  /** How many header fields (lines) of `name` there are. */
  count(name: string): number {
    const wanted = headerName(name);
    let count = 0;
    for (let at = this.#find(wanted, 0); at >= 0; at = this.#find(wanted, at + 1)) count += 1;
    return count;
  }

  /** With one more field at the end. */
  with(name: string, value: string): Headers {
    return this.#insert(this.#entries.length, createField(name, value));
  }

  /** With one more field before the first of its name, or on top where there is none. */
  prepend(name: string, value: string): Headers {
    return this.#insert(Math.max(0, this.#find(headerName(name), 0)), createField(name, value));
  }

  /** With `value` as the only field of its name, where the first one stood. */
  set(name: string, value: string): Headers {
    const wanted = headerName(name);
    const first = this.#find(wanted, 0);
    if (first < 0) return this.with(name, value);
    const entries = this.#entries.slice();
    entries[first] = createField(name, value);
    if (this.#find(wanted, first + 1) < 0) return this.#of(entries);
    return this.#of(entries.filter((_, at) => at <= first || !this.#isNamed(at, wanted)));
  }

  /** Without any field of these names; the same object where there is none. */
  without(...names: readonly string[]): Headers {
    const kept = this.#select(names.map(headerName), false);
    return kept.length === this.#entries.length ? this : this.#of(kept);
  }

  /** Only the fields of these names, in the order in which they stand. */
  only(...names: readonly string[]): Headers {
    return this.#of(this.#select(names.map(headerName), true));
  }

  /** Without the topmost value of a list header field such as Via or Route. */
  withoutFirst(name: string): Headers {
    const wanted = headerName(name);
    const at = this.#findFirst(wanted);
    if (at < 0) return this;
    const rest = wanted.isList ? restOfList(this.#valueAt(at)) : '';
    const entries = this.#entries.slice();
    if (rest === '') entries.splice(at, 1);
    else entries[at] = createField(name, rest);
    return this.#of(entries);
  }

  /** With the topmost value of a list header field replaced; on top where there is none. */
  replaceFirst(name: string, value: string): Headers {
    const wanted = headerName(name);
    const at = this.#findFirst(wanted);
    if (at < 0) return this.#insert(0, createField(name, value));
    const rest = wanted.isList ? restOfList(this.#valueAt(at)) : '';
    const entries = this.#entries.slice();
    entries[at] = createField(name, value);
    if (rest !== '') entries.splice(at + 1, 0, createField(name, rest));
    return this.#of(entries);
  }

  /** The lines, each with its line end. */
  toString(): string {
    const entries = this.#entries;
    const marks = this.#marks;
    let text = '';
    for (let at = 0; at < entries.length; ) {
      const entry = entries[at] ?? 0;
      at += 1;
      if (typeof entry !== 'number') {
        text += `${entry.line}\r\n`;
        continue;
      }
      let next = entry + 1;
      while (at < entries.length && entries[at] === next) {
        at += 1;
        next += 1;
      }
      text += this.#text.slice(marks[marksPerField * entry], marks[marksPerField * next]);
    }
    return text;
  }

  #of(entries: readonly Entry[]): Headers {
    return new Headers(entries, this.#text, this.#marks);
  }

  #insert(at: number, field: HeaderField): Headers {
    const entries = this.#entries.slice();
    if (at === entries.length) entries.push(field);
    else entries.splice(at, 0, field);
    return this.#of(entries);
  }

  #select(names: readonly HeaderName[], isWanted: boolean): readonly Entry[] {
    const entries = this.#entries;
    const kept: Entry[] = [];
    for (let at = 0; at < entries.length; at += 1) {
      if (this.#isOneOf(at, names) === isWanted) kept.push(entries[at] ?? 0);
    }
    return kept;
  }

  #isOneOf(at: number, names: readonly HeaderName[]): boolean {
    const entry = this.#entries[at] ?? 0;
    const isMark = typeof entry === 'number';
    const tag = isMark ? (this.#marks[perField * entry + 2] ?? 0) & maskOfTag : 0;
    for (const name of names) {
      if (isMark && tag !== name.tag && tag !== name.compactTag) continue;
      if (this.#isNamed(at, name)) return true;
    }
    return false;
  }

  /** Where the topmost value stands: a line of a list header field may be empty (RFC 3261 7.3.1). */
  #findFirst(wanted: HeaderName): number {
    let at = this.#find(wanted, 0);
    if (!wanted.isList) return at;
    while (at >= 0 && this.#isEmptyAt(at)) at = this.#find(wanted, at + 1);
    return at;
  }

  #isEmptyAt(at: number): boolean {
    const entry = this.#entries[at] ?? 0;
    if (typeof entry !== 'number') return firstOfList(entry.value) === '';
    const first = this.#text.charCodeAt(this.#marks[perField * entry + 1] ?? 0);
    return (
      (first === comma || first === carriageReturn) && firstOfList(fieldValueOf(this.#text, this.#marks, entry)) === ''
    );
  }

  #find(wanted: HeaderName, from: number): number {
    const entries = this.#entries;
    const marks = this.#marks;
    const { tag, compactTag, key } = wanted;
    if (this.#isWhole) return this.#findMark(wanted, from);
    for (let at = from; at < entries.length; at += 1) {
      const entry = entries[at] ?? 0;
      if (typeof entry !== 'number') {
        if (entry.key === key) return at;
        continue;
      }
      const found = (marks[perField * entry + 2] ?? 0) & maskOfTag;
      if (found !== tag && found !== compactTag) continue;
      if (found === compactTag || isSameName(this.#text, marks[perField * entry] ?? 0, key)) return at;
    }
    return -1;
  }

  #findMark({ tag, compactTag, key }: HeaderName, from: number): number {
    const marks = this.#marks;
    for (let mark = perField * from + 2; mark < marks.length; mark += perField) {
      const found = (marks[mark] ?? 0) & maskOfTag;
      if (found !== tag && found !== compactTag) continue;
      if (found === compactTag || isSameName(this.#text, marks[mark - 2] ?? 0, key)) return (mark - 2) / perField;
    }
    return -1;
  }

  #isNamed(at: number, wanted: HeaderName): boolean {
    const entry = this.#entries[at] ?? 0;
    if (typeof entry !== 'number') return entry.key === wanted.key;
    const tag = (this.#marks[marksPerField * entry + 2] ?? 0) & tagMask;
    if (tag === wanted.compactTag) return true;
    return tag === wanted.tag && isSameName(this.#text, this.#marks[marksPerField * entry] ?? 0, wanted.key);
  }

  #valueAt(at: number): string {
    const entry = this.#entries[at] ?? 0;
    return typeof entry === 'number' ? fieldValueOf(this.#text, this.#marks, entry) : entry.value;
  }
}

function isBeyond(found: number, end: number): boolean {
  return found < 0 || found >= end;
}
