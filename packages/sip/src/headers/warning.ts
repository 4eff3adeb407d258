/**
 * The Warning header field (RFC 3261 20.43).
 *
 *     warning-value = warn-code SP warn-agent SP warn-text
 *     warn-agent    = hostport / pseudonym
 *
 * @module
 */
import { SipError } from '../errors.ts';
import { quoted, unquote } from '../grammar/quoted-string.ts';
import { Scanner } from '../grammar/scanner.ts';
import { requireNumber } from './require-number.ts';

/** One warning of one agent. */
export interface Warning {
  /** 100 to 999; those of SIP are 300 to 399 (RFC 3261 27.2). */
  readonly code: number;
  /** Host with or without port, or a pseudonym, as written. */
  readonly agent: string;
  /** Without quotes and escapes. */
  readonly text: string;
}

/** Reads one warning. @throws {HeaderMalformed} */
export function parseWarning(value: string): Warning {
  const scanner = new Scanner('Warning', value);
  const code = scanner.number('code from 100 to 999', 999);
  if (code < 100) scanner.fail('code from 100 to 999', 0);
  scanner.whitespace();
  const agent = readAgent(scanner);
  scanner.whitespace();
  const text = unquote(scanner.quotedString());
  scanner.end();
  return { code, agent, text };
}

/** @throws {TypeError} a code out of range, or an agent that is neither a host nor a pseudonym. */
export function formatWarning({ code, agent, text }: Warning): string {
  if (!isAgent(agent)) throw new TypeError('expected a host or pseudonym as agent');
  return `${requireNumber(code, 'a warning code', 999, 100)} ${agent} ${quoted(text)}`;
}

function readAgent(scanner: Scanner): string {
  const host = scanner.peek() === '[' ? scanner.host() : scanner.token('agent');
  return scanner.skip(':') ? `${host}:${scanner.port()}` : host;
}

function isAgent(text: string): boolean {
  try {
    const scanner = new Scanner('Warning', text);
    return readAgent(scanner) === text && scanner.isAtEnd;
  } catch (error) {
    if (error instanceof SipError) return false;
    throw error;
  }
}
