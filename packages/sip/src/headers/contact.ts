/**
 * The Contact header field (RFC 3261 20.10, 10.2.1; RFC 5626 11.1; RFC 5627 8.1).
 *
 *     Contact       = STAR / ( contact-param *( COMMA contact-param ) )
 *     contact-param = ( name-addr / addr-spec ) *( SEMI contact-params )
 *
 * @module
 */
import { HeaderMalformed } from '../errors.ts';
import { formatParams } from '../grammar/format-params.ts';
import { unquote } from '../grammar/quoted-string.ts';
import type { Headers } from './headers.ts';
import { formatNameAddr, type NameAddr, parseNameAddr } from './name-addr.ts';
import { findQValue, findWholeNumber } from './param-values.ts';

/** One address; what a registration asks of it or grants it stands in its parameters. */
export interface Contact extends NameAddr {
  /** 0 to 2^32 - 1; undefined where absent or no number, which counts as absent (RFC 3261 20.19). */
  readonly expiresSeconds: number | undefined;
  /** 0 to 1 (RFC 3261 20.10); undefined where absent or malformed. */
  readonly q: number | undefined;
  /** `+sip.instance` without quotes and brackets, such as `urn:uuid:…` (RFC 5626 4.1). */
  readonly instanceId: string | undefined;
  /** 1 to 2^31 - 1 (RFC 5626 4.2.1); undefined where absent or malformed. */
  readonly regId: number | undefined;
}

const none: ReadonlyMap<string, string> = new Map();
const maxSeconds = 4_294_967_295;
const maxRegId = 2_147_483_647;

/** Reads one value other than `*`. @throws {HeaderMalformed} */
export function parseContact(value: string): Contact {
  const address = parseNameAddr(value, 'Contact');
  const { params } = address;
  const instance = params.get('+sip.instance');
  return {
    ...address,
    expiresSeconds: findWholeNumber(params.get('expires'), maxSeconds),
    q: findQValue(params.get('q')),
    instanceId: instance === undefined ? undefined : readInstance(instance),
    regId: findWholeNumber(params.get('reg-id'), maxRegId) || undefined,
  };
}

/**
 * Every Contact of a message, or `*` for all of them (RFC 3261 10.2.2).
 *
 * @throws {HeaderMalformed} one is broken, or `*` is not the only one.
 */
export function findContacts(headers: Headers): readonly Contact[] | '*' {
  const values = headers.all('Contact');
  if (values.length === 1 && values[0] === '*') return '*';
  if (values.includes('*')) throw new HeaderMalformed('Contact', 0, '* alone');
  return values.map(parseContact);
}

/** Writes what `params` say. @throws {TypeError} a part of it could break out of the header field. */
export function formatContact({ displayName, uri, params }: NameAddr): string {
  return `${formatNameAddr({ displayName, uri, params: none })}${formatParams(params)}`;
}

function readInstance(value: string): string | undefined {
  const text = unquote(value);
  return text.length > 2 && text.startsWith('<') && text.endsWith('>') ? text.slice(1, -1) : undefined;
}
