/**
 * A response to a request (RFC 3261 8.2.6).
 *
 * @module
 */
import { parseNameAddr } from '../headers/name-addr.ts';
import { requireToken } from '../headers/require-token.ts';
import { noBody, type SipRequest, type SipResponse } from './message.ts';
import { reasonPhraseOf } from './reason-phrases.ts';
import { requireStatusCode } from './require-status-code.ts';

const closingBracket = 62;

export interface ResponseOptions {
  /** Defaults to the phrase of the registry. */
  readonly reasonPhrase?: string;
  /** A token, added to To where the request's has none; every response but 100 needs one (8.2.6.2). */
  readonly toTag?: string;
  /** Header fields after the ones that RFC 3261 8.2.6.2 copies. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array;
}

/**
 * Via, From, To, Call-ID and CSeq are the request's, as they are written there; Record-Route and Timestamp are left to
 * the caller.
 *
 * @throws {TypeError} a status code out of 100 to 699, or a tag that is no token.
 * @throws {HeaderMalformed} there is a tag to add, and To cannot be read.
 */
export function createResponse(request: SipRequest, statusCode: number, options: ResponseOptions = {}): SipResponse {
  requireStatusCode(statusCode);
  let headers = request.headers.only('Via', 'From', 'To', 'Call-ID', 'CSeq');
  const to = headers.first('To');
  const tagged = to === undefined ? undefined : withTag(to, options.toTag);
  if (tagged !== undefined && tagged !== to) headers = headers.set('To', tagged);
  for (const [name, value] of options.headers ?? []) headers = headers.with(name, value);
  const reasonPhrase = options.reasonPhrase ?? reasonPhraseOf(statusCode);
  return { statusCode, reasonPhrase, headers, body: options.body ?? noBody };
}

function withTag(to: string, tag: string | undefined): string {
  if (tag === undefined) return to;
  requireToken(tag, 'the tag of To');
  // Nothing after the brackets: no parameter there, and no need to look for one.
  const isBare = to.charCodeAt(to.length - 1) === closingBracket;
  return !isBare && parseNameAddr(to, 'To').params.has('tag') ? to : `${to};tag=${tag}`;
}
