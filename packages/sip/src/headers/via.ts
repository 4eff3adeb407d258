/**
 * The Via header field (RFC 3261 20.42; grammar from 25.1).
 *
 *     via-parm      = sent-protocol LWS sent-by *( SEMI via-params )
 *     sent-protocol = protocol-name SLASH protocol-version SLASH transport
 *     sent-by       = host [ COLON port ]
 *
 * @module
 */
import { formatParams, Scanner } from '../grammar/scanner.ts';

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
 * @throws {HeaderMalformed}
 */
export function parseVia(value: string): Via {
  const scanner = new Scanner('Via', value);

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

/** Writes one hop in canonical spacing; the inverse of {@link parseVia}. */
export function formatVia({ transport, host, port, params }: Via): string {
  const sentBy = port === undefined ? host : `${host}:${port}`;
  return `SIP/2.0/${transport} ${sentBy}${formatParams(params)}`;
}
