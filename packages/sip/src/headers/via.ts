/**
 * The Via header field (RFC 3261 20.42; grammar from 25.1).
 *
 *     via-parm      = sent-protocol LWS sent-by *( SEMI via-params )
 *     sent-protocol = protocol-name SLASH protocol-version SLASH transport
 *     sent-by       = host [ COLON port ]
 *
 * @module
 */
import { digitClass, endOfRun, hostClass, ipv6Class, isToken, tokenClass } from '../grammar/characters.ts';
import { formatParams } from '../grammar/format-params.ts';
import { defaultGrammarLimits, type GrammarLimits } from '../grammar/grammar-limits.ts';
import { plainParams } from '../grammar/plain-params.ts';
import { Scanner } from '../grammar/scanner.ts';
import type { Headers } from './headers.ts';

const space = 32;
const colon = 58;

/** One hop of a Via header field. */
export interface Via {
  /** Upper case: `UDP`, `TCP`, `TLS`, `WS` or `WSS` (RFC 7118 5.2.1), or an extension. */
  readonly transport: string;
  /** As written; an IPv6 reference keeps its brackets. */
  readonly host: string;
  /** 1 to 65535; undefined leaves it to the default port of the transport. */
  readonly port: number | undefined;
  /** Names in lower case. A parameter without a value, such as `rport`, maps to ''. */
  readonly params: ReadonlyMap<string, string>;
}

/**
 * Reads one hop. The message parser has already unfolded the line and split it at commas.
 *
 * @throws {HeaderMalformed} @throws {MessageTooLarge} more parameters than `limits` allow.
 */
export function parseVia(value: string, limits?: Partial<GrammarLimits>): Via {
  return scanVia(new Scanner('Via', value, limits));
}

/**
 * The topmost Via of a message; cheaper than to cut the value out and parse it.
 *
 * @throws {HeaderMissing} @throws {HeaderMalformed} @throws {MessageTooLarge} as {@link parseVia}
 */
export function readVia(headers: Headers, limits?: Partial<GrammarLimits>): Via {
  const { text, start, end } = headers.locate('Via');
  const most = limits?.parameters ?? defaultGrammarLimits.parameters;
  return plainVia(text, start, end, most) ?? scanVia(new Scanner('Via', text, limits, start, end));
}

/** The Via where it is written as nearly all are; undefined where the scanner must read it. */
function plainVia(text: string, start: number, end: number, most: number): Via | undefined {
  if (!text.startsWith('SIP/2.0/', start)) return undefined;
  const transportEnd = endOfRun(text, start + 8, tokenClass, end);
  const transport = text.slice(start + 8, transportEnd);
  const hostEnd = endOfRun(text, transportEnd + 1, hostClass, end);
  if (!isUsual(transport) || text.charCodeAt(transportEnd) !== space) return undefined;
  if (hostEnd === transportEnd + 1) return undefined;
  const hasPort = hostEnd < end && text.charCodeAt(hostEnd) === colon;
  const portEnd = hasPort ? endOfRun(text, hostEnd + 1, digitClass, end) : hostEnd;
  const port = hasPort ? portOf(text, hostEnd + 1, portEnd) : undefined;
  const params = port === 0 ? undefined : plainParams(text, portEnd, end, most);
  if (params === undefined) return undefined;
  return { transport, host: text.slice(transportEnd + 1, hostEnd), port, params };
}

/** In capitals, as it is kept. */
function isUsual(transport: string): boolean {
  switch (transport) {
    case 'TCP':
    case 'TLS':
    case 'UDP':
    case 'WS':
    case 'WSS':
      return true;
    default:
      return false;
  }
}

/** 1 to 65535; 0 where the digits are none or no port. */
function portOf(text: string, start: number, end: number): number {
  if (end - start > 5) return 0;
  let port = 0;
  for (let at = start; at < end; at += 1) port = 10 * port + text.charCodeAt(at) - 48;
  return port > 65_535 ? 0 : port;
}

function scanVia(scanner: Scanner): Via {
  scanner.keyword('SIP');
  scanner.separator('/');
  scanner.keyword('2.0');
  scanner.separator('/');
  const transport = scanner.token().toUpperCase();
  scanner.whitespace();
  const host = scanner.host();
  const port = scanner.accept(':') ? scanner.port() : undefined;
  const params = scanner.params();
  scanner.end();

  return { transport, host, port, params };
}

/**
 * Writes one hop in canonical spacing; the inverse of {@link parseVia}.
 *
 * @throws {TypeError} a part would not be read as what it is.
 */
export function formatVia({ transport, host, port, params }: Via): string {
  if (!isToken(transport)) throw new TypeError('expected a token for a transport');
  if (!isHost(host)) throw new TypeError('expected a host');
  const sentBy = port === undefined ? host : `${host}:${port}`;
  return `SIP/2.0/${transport} ${sentBy}${formatParams(params)}`;
}

function isHost(text: string): boolean {
  if (!text.startsWith('[')) return text !== '' && endOfRun(text, 0, hostClass) === text.length;
  const end = endOfRun(text, 1, ipv6Class);
  return end === text.length - 1 && text.endsWith(']') && text.includes(':');
}
