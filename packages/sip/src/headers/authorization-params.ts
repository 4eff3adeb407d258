/**
 * The parameters of challenges, credentials and authentication infos (RFC 3261 25.1, RFC 7235 2.1).
 *
 *     auth-param = token EQUAL ( token / quoted-string )
 *
 * @module
 */
import { isParameterValueCharacter, isToken } from '../grammar/characters.ts';
import { unquote } from '../grammar/quoted-string.ts';
import type { Scanner } from '../grammar/scanner.ts';

/** More than any challenge has; the rest of the line is not read. */
const maxAuthParams = 64;

/** Parameters as they are read: each is taken once, and a fault is told where it stands. */
export class AuthParams {
  readonly #scanner: Scanner;
  readonly #start: number;
  readonly #values = new Map<string, string>();
  readonly #offsets = new Map<string, number>();

  /** Reads nothing yet: {@link add} does, parameter by parameter. */
  constructor(scanner: Scanner) {
    this.#scanner = scanner;
    this.#start = scanner.offset;
  }

  /** All parameters up to the end of the value. @throws {HeaderMalformed} */
  static readToEnd(scanner: Scanner): AuthParams {
    const params = new AuthParams(scanner);
    do {
      const at = scanner.offset;
      const name = scanner.token('parameter name');
      scanner.separator('=');
      params.add(name, at);
    } while (scanner.accept(','));
    scanner.end();
    return params;
  }

  /** Reads the value of `name`, which began at `at`; its EQUAL is read. @throws {HeaderMalformed} */
  add(name: string, at: number): void {
    const key = name.toLowerCase();
    if (this.#values.size >= maxAuthParams) this.#scanner.fail(`at most ${maxAuthParams} parameters`, at);
    if (this.#offsets.has(key)) this.#scanner.fail('each parameter once', at);
    this.#offsets.set(key, this.#scanner.offset);
    this.#values.set(key, readValue(this.#scanner));
  }

  /** The value without quotes, which is then gone from {@link rest}. */
  take(name: string): string | undefined {
    const value = this.#values.get(name);
    this.#values.delete(name);
    return value;
  }

  /** @throws {HeaderMalformed} it is not there. */
  need(name: string): string {
    return this.take(name) ?? this.#scanner.fail(name, this.#start);
  }

  /** @throws {HeaderMalformed} it is there, but no token. */
  takeToken(name: string): string | undefined {
    const value = this.take(name);
    if (value !== undefined && !isToken(value)) this.fail(name, 'token');
    return value;
  }

  /** Whether it is `true`, whatever its case; anything but `false` besides is refused. @throws {HeaderMalformed} */
  takeFlag(name: string): boolean {
    const value = this.take(name)?.toLowerCase() ?? 'false';
    if (value !== 'true' && value !== 'false') this.fail(name, 'true or false');
    return value === 'true';
  }

  /** The nonce count: eight hexadecimal digits (RFC 3261 25.1). @throws {HeaderMalformed} */
  takeNonceCount(): number | undefined {
    const value = this.take('nc');
    if (value === undefined) return undefined;
    if (!/^[0-9a-f]{8}$/iu.test(value)) this.fail('nc', 'eight hexadecimal digits');
    return Number.parseInt(value, 16);
  }

  /** Throws that the value of `name` should have been something else. */
  fail(name: string, expected: string): never {
    return this.#scanner.fail(expected, this.#offsets.get(name) ?? this.#start);
  }

  /** Those that nobody took, in their order. */
  rest(): ReadonlyMap<string, string> {
    return this.#values;
  }
}

type AuthParamField = readonly [name: string, value: string | undefined];

/** Without quotes by RFC 3261 25.1, RFC 7616 3.3 and RFC 8187; `qop` besides, but in a challenge. */
const bareNames = new Set(['algorithm', 'nc', 'stale', 'userhash', 'charset', 'username*']);

/**
 * `name=value` with commas between; a parameter without value is left out. `bareQop`: in credentials and infos.
 *
 * @throws {TypeError} the grammar has no place for a name or a value: it would write parameters of its own.
 */
export function formatAuthParams(fields: Iterable<AuthParamField>, { bareQop }: { bareQop: boolean }): string {
  let text = '';
  for (const [name, value] of fields) {
    if (value === undefined) continue;
    if (!isToken(name)) throw new TypeError('expected a token for a parameter name');
    const isBare = bareNames.has(name) || (bareQop && name === 'qop');
    text += `${text === '' ? '' : ','}${name}=${isBare && isToken(value) ? value : quotedStrictly(value, name)}`;
  }
  return text;
}

/** Eight hexadecimal digits (RFC 3261 25.1, nc-value). @throws {TypeError} no whole number from 0 to 0xffffffff. */
export function formatNonceCount(nonceCount: number): string {
  if (!Number.isInteger(nonceCount) || nonceCount < 0 || nonceCount > 0xffffffff) {
    throw new TypeError('nc: expected a whole number of 32 bits');
  }
  return nonceCount.toString(16).padStart(8, '0');
}

function quotedStrictly(value: string, name: string): string {
  if (hasControl(value)) throw new TypeError(`${name}: expected no control character`);
  return `"${value.replaceAll(/["\\]/gu, '\\$&')}"`;
}

function readValue(scanner: Scanner): string {
  if (scanner.peek() !== '"') return readBareValue(scanner);
  const start = scanner.offset;
  const value = unquote(scanner.quotedString());
  if (hasControl(value)) scanner.fail('no control character', start);
  return value;
}

/** A token, or what peers write without quotes although it is none, such as a URI or base64. */
function readBareValue(scanner: Scanner): string {
  let text = '';
  for (let next = scanner.peek(); next !== '' && isParameterValueCharacter(next.charCodeAt(0)); next = scanner.peek()) {
    scanner.keyword(next);
    text += next;
  }
  return text === '' ? scanner.fail('value') : text;
}

/** Control characters other than HTAB: no quoted string may hold them (RFC 3261 25.1, qdtext). */
function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code < 32 && code !== 9) || code === 127) return true;
  }
  return false;
}
