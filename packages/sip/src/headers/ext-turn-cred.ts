/**
 * The header field 3gpp-ext-turn-cred in a 200 (TS 33.203 X.5.2.2 step 4). In a request any value asks for it.
 *
 *     Tid ":" Texp ":" Tpwd
 *
 * The clause prints colons and then speaks of semicolons: colons are written, both are read. Tpwd is base64 and holds
 * neither.
 *
 * @module
 */
import { Scanner } from '../grammar/scanner.ts';
import { requireNumber } from './require-number.ts';
import { requireToken } from './require-token.ts';

/** The time-limited credentials of one user at the TURN server. */
export interface ExtTurnCred {
  /** 1 to 128 characters. */
  readonly tid: string;
  /** Texp, seconds since 1970. */
  readonly expiresAtSeconds: number;
  /** Tpwd, base64 with its padding, up to 256 characters. A secret. */
  readonly password: string;
}

/** The name of the header field. */
export const extTurnCredHeader = '3gpp-ext-turn-cred';

const maxTidCharacters = 128;
const maxSeconds = 4_294_967_295;

/** @throws {HeaderMalformed} */
export function parseExtTurnCred(value: string): ExtTurnCred {
  const scanner = new Scanner(extTurnCredHeader, value);
  const tid = scanner.token('Tid');
  if (tid.length > maxTidCharacters) scanner.fail(`Tid of at most ${maxTidCharacters} characters`, 0);
  separator(scanner);
  const expiresAtSeconds = scanner.number('Texp in seconds', maxSeconds);
  separator(scanner);
  const start = scanner.offset;
  const password = scanner.rest();
  if (!isPassword(password)) scanner.fail('Tpwd in base64', start);
  return { tid, expiresAtSeconds, password };
}

/** @throws {TypeError} a part that would not be read back as it is. */
export function formatExtTurnCred({ tid, expiresAtSeconds, password }: ExtTurnCred): string {
  if (tid.length > maxTidCharacters) throw new TypeError(`expected at most ${maxTidCharacters} characters in Tid`);
  if (!isPassword(password)) throw new TypeError('expected Tpwd in base64');
  return `${requireToken(tid, 'Tid')}:${requireNumber(expiresAtSeconds, 'Texp', maxSeconds)}:${password}`;
}

function isPassword(text: string): boolean {
  return text.length <= 256 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/u.test(text);
}

function separator(scanner: Scanner): void {
  if (!scanner.accept(':') && !scanner.accept(';')) scanner.fail("':'");
}
