/**
 * By what messages find their transaction (RFC 3261 17.1.3, 17.2.3).
 *
 * @module
 */
import { parseCSeq } from '../headers/cseq.ts';
import { parseNameAddr } from '../headers/name-addr.ts';
import { parseVia, type Via } from '../headers/via.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';

/** Branches that start with it are unique by themselves (RFC 3261 8.1.1.7). */
export const magicCookie = 'z9hG4bK';

/** RFC 3261 17.1.3: the branch of the top Via and the method of CSeq. */
export function clientKey(branch: string, method: string): string {
  return `${branch} ${method}`;
}

/** Host and port as one text to compare: lower case, the port only where it is written. */
export function sentByOf({ host, port }: Via): string {
  return port === undefined ? host.toLowerCase() : `${host.toLowerCase()}:${port}`;
}

/**
 * RFC 3261 17.2.3: branch, sent-by and method of the top Via, ACK counted as INVITE. `method` takes the place of the
 * request's, for a CANCEL that looks for what it cancels (9.2).
 *
 * A branch without the magic cookie is RFC 2543's and not unique by itself: Request-URI, From, Call-ID and CSeq number
 * join it, and where no ACK can follow also To.
 */
export function serverKey(request: SipRequest, via: Via, method = request.method): string {
  const branch = via.params.get('branch') ?? '';
  const counted = method === 'ACK' ? 'INVITE' : method;
  const key = `${branch} ${sentByOf(via)} ${counted}`;
  if (isUniqueBranch(branch)) return key;
  const { headers, requestUri } = request;
  const { number } = parseCSeq(headers.first('CSeq') ?? '');
  const to = counted === 'INVITE' ? '' : headers.first('To');
  return `${key} ${number} ${requestUri} ${headers.first('Call-ID')} ${headers.first('From')} ${to}`;
}

/**
 * Whether an ACK that found its transaction by RFC 2543 is really its own: its To tag is that of the response
 * (RFC 3261 17.2.3). Those of RFC 3261 are known by their branch.
 */
export function isAckOfResponse(ack: SipRequest, via: Via, response: SipResponse | undefined): boolean {
  if (response === undefined || isUniqueBranch(via.params.get('branch') ?? '')) return true;
  return toTag(ack) === toTag(response);
}

function toTag({ headers }: SipRequest | SipResponse): string | undefined {
  return parseNameAddr(headers.first('To') ?? '', 'To').params.get('tag');
}

/** Whether a branch is RFC 3261's: the magic cookie and something after it (RFC 4475 3.2.1). */
export function isUniqueBranch(branch: string): boolean {
  return branch.length > magicCookie.length && branch.startsWith(magicCookie);
}

/** The top Via. @throws {HeaderMalformed} */
export function topVia({ headers }: SipRequest | SipResponse): Via {
  return parseVia(headers.first('Via') ?? '');
}
