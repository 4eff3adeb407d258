/**
 * The Contact header fields of a REGISTER (RFC 3261 10.2.1, RFC 5626 4.2).
 *
 * @module
 */
import { formatParams, formatUri, HeaderMalformed, parseNameAddr, parseUri, type SipRequest } from '@wicgate/sip';

export interface RequestedContact {
  /** A SIP or SIPS URI, without header fields of its own: it becomes a Request-URI (RFC 3261 19.1.1). */
  readonly uri: string;
  /** Header field parameters as written, without `expires`. */
  readonly params: ReadonlyMap<string, string>;
  /** Seconds; undefined leaves it to the Expires header field. */
  readonly expiresSeconds: number | undefined;
  /** `+sip.instance` as written, with its quotes. */
  readonly instance: string | undefined;
  readonly regId: number | undefined;
}

const maxContacts = 10;

/**
 * The contacts of a REGISTER; `all` stands for `*`.
 *
 * @throws {HeaderMalformed} against the grammar, `*` beside others, or more than ten.
 */
export function readContacts({ headers }: SipRequest): readonly RequestedContact[] | 'all' {
  const values = headers.all('Contact');
  if (values.length > maxContacts) throw new HeaderMalformed('Contact', 0, `at most ${maxContacts} contacts`);
  if (!values.includes('*')) return values.map(readContact);
  if (values.length > 1) throw new HeaderMalformed('Contact', 0, "'*' alone");
  return 'all';
}

function readContact(value: string): RequestedContact {
  const { uri, params } = parseNameAddr(value, 'Contact');
  const kept = new Map(params);
  kept.delete('expires');
  return {
    uri: readContactUri(uri),
    params: kept,
    expiresSeconds: readCount(params, 'expires'),
    instance: params.get('+sip.instance'),
    regId: readCount(params, 'reg-id'),
  };
}

function readContactUri(text: string): string {
  const uri = parseUri(text, 'Contact');
  if (uri.scheme === 'tel') throw new HeaderMalformed('Contact', 0, 'a SIP URI');
  return uri.headers === '' ? text : formatUri({ ...uri, headers: '' });
}

function readCount(params: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = params.get(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/u.test(text)) throw new HeaderMalformed('Contact', 0, `a number in ${name}`);
  return Number(text);
}

/** One Contact value of a 200, with the seconds that are left. */
export function formatContact(
  { uri, params }: Pick<RequestedContact, 'uri' | 'params'>,
  expiresSeconds: number,
): string {
  return `<${uri}>${formatParams(params)};expires=${expiresSeconds}`;
}
