/**
 * The lexer of header field values (RFC 3261 25.1): one forward pass, no backtracking.
 *
 * @module
 */
import { HeaderMalformed, MessageTooLarge } from '../errors.ts';
import {
  digitClass,
  endOfRun,
  endOfWhitespace,
  hostClass,
  ipv6Class,
  isDigit,
  isUriText,
  isWhitespace,
  lowerTokenClass,
  parameterValueClass,
  tokenClass,
} from './characters.ts';
import { defaultGrammarLimits, type GrammarLimits } from './grammar-limits.ts';
import { noParams } from './plain-params.ts';
import { unquote } from './quoted-string.ts';
import { trimWhitespace } from './trim.ts';

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;
const backslash = 92;
const comma = 44;
const semicolon = 59;
const equals = 61;
const openBracket = 91;

export class Scanner {
  readonly #header: string;
  readonly #value: string;
  readonly #limits: Partial<GrammarLimits>;
  readonly #start: number;
  readonly #end: number;
  #at: number;

  /** Reads `value` of the header field that errors name `header`; a part of it where `start` and `end` are given. */
  constructor(
    header: string,
    value: string,
    limits: Partial<GrammarLimits> = defaultGrammarLimits,
    start = 0,
    end: number = value.length,
  ) {
    this.#header = header;
    this.#value = value;
    this.#limits = limits;
    this.#start = start;
    this.#end = end;
    this.#at = start;
    this.#skipWhitespace();
  }

  /** Characters read so far. */
  get offset(): number {
    return this.#at - this.#start;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  /** Throws that something else was expected here. */
  fail(expected: string, offset: number = this.offset): never {
    throw new HeaderMalformed(this.#header, offset, expected);
  }

  /** Reads `word`, whatever its case. */
  keyword(word: string): void {
    const text = this.#value.slice(this.#at, Math.min(this.#end, this.#at + word.length));
    if (text !== word && text.toLowerCase() !== word.toLowerCase()) this.fail(word);
    this.#at += word.length;
  }

  /** Whether exactly `text` comes next; it is then read. */
  skip(text: string): boolean {
    const end = this.#at + text.length;
    const isNext = end <= this.#end && this.#value.startsWith(text, this.#at);
    if (isNext) this.#at = end;
    return isNext;
  }

  /** Reads one character with the white space around it (SLASH, COMMA, SEMI, EQUAL and the like). */
  separator(character: string): void {
    if (!this.accept(character)) this.fail(`'${character}'`);
  }

  /** Whether `character` came next; it is then read, with the white space around it. */
  accept(character: string): boolean {
    return this.#accept(character.charCodeAt(0));
  }

  /** The next character without reading it; '' at the end. */
  peek(): string {
    return this.isAtEnd ? '' : this.#value.charAt(this.#at);
  }

  token(expected = 'token'): string {
    return this.#run(tokenClass, expected);
  }

  digits(expected = 'digits'): string {
    return this.#run(digitClass, expected);
  }

  /** An unsigned number of up to ten digits and up to `max`. */
  number(expected: string, max: number): number {
    const start = this.#at;
    let value = 0;
    for (let code = this.#code(); isDigit(code); code = this.#code()) {
      value = 10 * value + code - 48;
      this.#at += 1;
    }
    if (this.#at === start || this.#at - start > 10 || value > max) this.fail(expected, start - this.#start);
    return value;
  }

  whitespace(): void {
    if (!isWhitespace(this.#code())) this.fail('whitespace');
    this.#skipWhitespace();
  }

  /** hostname, IPv4 address or IPv6 reference, as written. */
  host(): string {
    const start = this.offset;
    if (this.#code() !== openBracket) return this.#run(hostClass, 'host');
    this.#at += 1;
    const address = this.#run(ipv6Class, 'host');
    if (this.peek() !== ']' || !address.includes(':')) this.fail('host', start);
    this.#at += 1;
    return `[${address}]`;
  }

  port(): number {
    const start = this.offset;
    const value = this.number('port from 1 to 65535', 65_535);
    if (value === 0) this.fail('port from 1 to 65535', start);
    return value;
  }

  /** A quoted string as written, with its quotes. */
  quotedString(): string {
    const start = this.#at;
    if (this.#code() !== quote) this.fail('quoted string');
    for (let at = start + 1; at < this.#end; at += 1) {
      let code = this.#value.charCodeAt(at);
      if (code === quote) {
        this.#at = at + 1;
        return this.#value.slice(start, at + 1);
      }
      if (code === 0) this.fail('no bare NUL', at - this.#start);
      if (code === backslash) {
        at += 1;
        code = this.#value.charCodeAt(at);
      }
      // No message lets them through, but a value may come from elsewhere.
      if (code === lineFeed || code === carriageReturn) this.fail('no line end', at - this.#start);
    }
    return this.fail('closing quote', start - this.#start);
  }

  /** A comment with its parentheses, as written, if one comes next; comments nest (RFC 3261 25.1). */
  comment(): string | undefined {
    const start = endOfWhitespace(this.#value, this.#at, this.#end);
    if (start >= this.#end || this.#value[start] !== '(') return undefined;
    const { nesting = defaultGrammarLimits.nesting } = this.#limits;
    let depth = 0;
    for (let at = start; at < this.#end; at += 1) {
      const character = this.#value[at];
      if (character === '\\') at += 1;
      else if (character === '(') depth += 1;
      else if (character === ')') depth -= 1;
      if (depth > nesting) throw new MessageTooLarge('comments within comments', nesting);
      if (depth > 0) continue;
      this.#at = at + 1;
      return this.#value.slice(start, at + 1);
    }
    return this.fail('closing parenthesis', start - this.#start);
  }

  /** Everything up to `character`, which stays unread. */
  until(character: string): string {
    const end = this.#value.indexOf(character, this.#at);
    if (end < 0 || end >= this.#end) this.fail(`'${character}'`, this.#end - this.#start);
    const text = this.#value.slice(this.#at, end);
    this.#at = end;
    return text;
  }

  /** How far on `character` comes next, in characters from the start of the value; -1 where it does not. */
  find(character: string): number {
    const found = this.#value.indexOf(character, this.#at);
    return found >= 0 && found < this.#end ? found - this.#start : -1;
  }

  /** `LAQUOT URI RAQUOT`: the URI, as written; not parsed. */
  bracketedUri(): string {
    this.separator('<');
    const start = this.#at;
    const close = this.#value.indexOf('>', start);
    if (close < 0 || close >= this.#end) this.fail("'>'", this.#end - this.#start);
    const uri = trimWhitespace(this.#value.slice(start, close));
    if (!isUriText(uri)) this.fail('URI');
    this.#at = endOfWhitespace(this.#value, close + 1, this.#end);
    return uri;
  }

  /** What is left, trimmed. */
  rest(): string {
    const start = this.#at;
    this.#at = this.#end;
    return trimWhitespace(this.#value.slice(start, this.#end));
  }

  /**
   * `*( SEMI name [ EQUAL value ] )`: names in lower case; a value as written, '' where there is none. A name that
   * comes twice is refused: one element would read the first and the next one the last (RFC 3261 7.3.1).
   */
  params(): ReadonlyMap<string, string> {
    if (this.isAtEnd) return noParams;
    const params = new Map<string, string>();
    while (this.#accept(semicolon)) {
      const start = this.offset;
      const name = this.#paramName();
      this.#add(params, name, this.#optionalValue(), start);
    }
    return params;
  }

  /** `name [ EQUAL value ]`: the name in lower case, the value as written, '' where there is none. */
  param(): readonly [name: string, value: string] {
    const name = this.#paramName();
    return [name, this.#optionalValue()];
  }

  /** `auth-param *( COMMA auth-param )`: names in lower case, values unquoted. */
  authParams(): ReadonlyMap<string, string> {
    const params = new Map<string, string>();
    do {
      const start = this.offset;
      const name = this.#paramName();
      this.separator('=');
      const isQuoted = this.#code() === quote;
      const value = isQuoted ? unquote(this.quotedString()) : this.#run(parameterValueClass, 'value');
      this.#add(params, name, value, start);
    } while (this.#accept(comma));
    return params;
  }

  end(): void {
    this.#skipWhitespace();
    if (!this.isAtEnd) this.fail('end of value');
  }

  #add(params: Map<string, string>, name: string, value: string, start: number): void {
    const before = params.size;
    params.set(name, value);
    if (params.size === before) this.fail('each parameter once', start);
    const { parameters = defaultGrammarLimits.parameters } = this.#limits;
    if (params.size > parameters) throw new MessageTooLarge('parameters in a header field', parameters);
  }

  #paramName(): string {
    const lowerEnd = endOfRun(this.#value, this.#at, lowerTokenClass, this.#end);
    const end = endOfRun(this.#value, lowerEnd, tokenClass, this.#end);
    if (end === this.#at) this.fail('parameter name');
    const name = this.#value.slice(this.#at, end);
    this.#at = end;
    return end === lowerEnd ? name : name.toLowerCase();
  }

  #optionalValue(): string {
    if (!this.#accept(equals)) return '';
    return this.#code() === quote ? this.quotedString() : this.#run(parameterValueClass, 'parameter value');
  }

  #accept(wanted: number): boolean {
    const at = endOfWhitespace(this.#value, this.#at, this.#end);
    if (at >= this.#end || this.#value.charCodeAt(at) !== wanted) return false;
    this.#at = endOfWhitespace(this.#value, at + 1, this.#end);
    return true;
  }

  /** The next character's code; -1 at the end. */
  #code(): number {
    return this.#at < this.#end ? this.#value.charCodeAt(this.#at) : -1;
  }

  /** The characters of a class, at least one. */
  #run(mask: number, expected: string): string {
    const start = this.#at;
    this.#at = endOfRun(this.#value, start, mask, this.#end);
    if (this.#at === start) this.fail(expected);
    return this.#value.slice(start, this.#at);
  }

  #skipWhitespace(): void {
    this.#at = endOfWhitespace(this.#value, this.#at, this.#end);
  }
}
