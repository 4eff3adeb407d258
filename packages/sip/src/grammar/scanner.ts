/**
 * The lexer of header field values (RFC 3261 25.1): one forward pass, no backtracking.
 *
 * @module
 */
import { HeaderMalformed, MessageTooLarge } from '../errors.ts';
import {
  isDigit,
  isHostCharacter,
  isIpv6Character,
  isParameterValueCharacter,
  isTokenCharacter,
  isWhitespace,
} from './characters.ts';
import { trimWhitespace } from './trim.ts';

const maxParameters = 64;
const quote = 34;
const backslash = 92;

export class Scanner {
  readonly #header: string;
  readonly #value: string;
  #at = 0;

  constructor(header: string, value: string) {
    this.#header = header;
    this.#value = value;
    this.#skipWhitespace();
  }

  /** Characters read so far. */
  get offset(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#value.length;
  }

  /** Throws that something else was expected here. */
  fail(expected: string, offset = this.#at): never {
    throw new HeaderMalformed(this.#header, offset, expected);
  }

  /** Reads `word`, whatever its case. */
  keyword(word: string): void {
    const end = this.#at + word.length;
    if (this.#value.slice(this.#at, end).toLowerCase() !== word.toLowerCase()) this.fail(word);
    this.#at = end;
  }

  /** Reads one character with the white space around it (SLASH, COMMA, SEMI, EQUAL and the like). */
  separator(character: string): void {
    if (!this.accept(character)) this.fail(`'${character}'`);
  }

  /** Whether `character` came next; it is then read, with the white space around it. */
  accept(character: string): boolean {
    const start = this.#at;
    this.#skipWhitespace();
    if (this.#value[this.#at] !== character) {
      this.#at = start;
      return false;
    }
    this.#at += 1;
    this.#skipWhitespace();
    return true;
  }

  /** The next character without reading it; '' at the end. */
  peek(): string {
    return this.#value[this.#at] ?? '';
  }

  token(expected = 'token'): string {
    return this.#while(isTokenCharacter, expected);
  }

  digits(expected = 'digits'): string {
    return this.#while(isDigit, expected);
  }

  /** An unsigned number up to `max`. */
  number(expected: string, max: number): number {
    const start = this.#at;
    const text = this.digits(expected);
    const value = Number(text);
    if (text.length > 10 || value > max) this.fail(expected, start);
    return value;
  }

  whitespace(): void {
    if (!isWhitespace(this.#value.charCodeAt(this.#at))) this.fail('whitespace');
    this.#skipWhitespace();
  }

  /** hostname, IPv4 address or IPv6 reference, as written. */
  host(): string {
    const start = this.#at;
    if (this.peek() !== '[') return this.#while(isHostCharacter, 'host');
    this.#at += 1;
    const address = this.#while(isIpv6Character, 'host');
    if (this.peek() !== ']' || !address.includes(':')) this.fail('host', start);
    this.#at += 1;
    return `[${address}]`;
  }

  port(): number {
    const start = this.#at;
    const value = this.number('port from 1 to 65535', 65_535);
    if (value === 0) this.fail('port from 1 to 65535', start);
    return value;
  }

  /** A quoted string as written, with its quotes. */
  quotedString(): string {
    const start = this.#at;
    if (this.#value.charCodeAt(start) !== quote) this.fail('quoted string');
    for (let at = start + 1; at < this.#value.length; at += 1) {
      const code = this.#value.charCodeAt(at);
      if (code === backslash) at += 1;
      else if (code === quote) {
        this.#at = at + 1;
        return this.#value.slice(start, at + 1);
      }
    }
    return this.fail('closing quote', start);
  }

  /** Everything up to `character`, which stays unread. */
  until(character: string): string {
    const end = this.#value.indexOf(character, this.#at);
    if (end < 0) this.fail(`'${character}'`, this.#value.length);
    const text = this.#value.slice(this.#at, end);
    this.#at = end;
    return text;
  }

  /** What is left, trimmed. */
  rest(): string {
    const text = trimWhitespace(this.#value.slice(this.#at));
    this.#at = this.#value.length;
    return text;
  }

  /**
   * `*( SEMI name [ EQUAL value ] )`: names in lower case; a value as written, '' where there is none. A name that
   * comes twice is refused: one element would read the first and the next one the last (RFC 3261 7.3.1).
   */
  params(): ReadonlyMap<string, string> {
    if (this.isAtEnd) return noParams;
    const params = new Map<string, string>();
    while (this.accept(';')) {
      if (params.size >= maxParameters) throw new MessageTooLarge('parameters in a header field', maxParameters);
      const start = this.#at;
      const name = this.token('parameter name').toLowerCase();
      if (params.has(name)) this.fail('each parameter once', start);
      params.set(name, this.accept('=') ? this.#parameterValue() : '');
    }
    return params;
  }

  /** `auth-param *( COMMA auth-param )`: names in lower case, values unquoted. */
  authParams(): ReadonlyMap<string, string> {
    const params = new Map<string, string>();
    do {
      if (params.size >= maxParameters) throw new MessageTooLarge('parameters in a header field', maxParameters);
      const start = this.#at;
      const name = this.token('parameter name').toLowerCase();
      if (params.has(name)) this.fail('each parameter once', start);
      this.separator('=');
      params.set(
        name,
        this.peek() === '"' ? unquote(this.quotedString()) : this.#while(isParameterValueCharacter, 'value'),
      );
    } while (this.accept(','));
    return params;
  }

  end(): void {
    this.#skipWhitespace();
    if (!this.isAtEnd) this.fail('end of value');
  }

  #parameterValue(): string {
    return this.peek() === '"' ? this.quotedString() : this.#while(isParameterValueCharacter, 'parameter value');
  }

  #while(belongs: (code: number) => boolean, expected: string): string {
    const start = this.#at;
    while (this.#at < this.#value.length && belongs(this.#value.charCodeAt(this.#at))) this.#at += 1;
    if (this.#at === start) this.fail(expected);
    return this.#value.slice(start, this.#at);
  }

  #skipWhitespace(): void {
    while (isWhitespace(this.#value.charCodeAt(this.#at))) this.#at += 1;
  }
}

const noParams: ReadonlyMap<string, string> = new Map();

/** The text inside a quoted string; a text without quotes comes back as it is. */
export function unquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  return text.slice(1, -1).replaceAll(/\\(.)/gsu, '$1');
}

/** A quoted string of `text`. Control characters have no place in one and are left out. */
export function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed.
  return `"${text.replaceAll(/[\u0000-\u001f\u007f]/gu, '').replaceAll(/["\\]/gu, '\\$&')}"`;
}

/** `;name=value` for each parameter, values as they are. */
export function formatParams(params: ReadonlyMap<string, string>): string {
  let text = '';
  for (const [name, value] of params) text += value === '' ? `;${name}` : `;${name}=${value}`;
  return text;
}
