/**
 * Forwarding without state (RFC 3261 16.11).
 *
 * @module
 */
import { parseCSeq } from '../headers/cseq.ts';
import { parseNameAddr } from '../headers/name-addr.ts';
import { formatVia, parseVia, type Via } from '../headers/via.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { isUniqueBranch, magicCookie, sentByOf } from '../transactions/transaction-keys.ts';
import { sipHash } from './sip-hash.ts';

export interface StatelessHop {
  /** As it stands in Via. */
  readonly transport: string;
  /** `host[:port]` of ours. */
  readonly sentBy: string;
  /** A secret of 16 octets, the same as long as requests may be repeated: branches are made from it. */
  readonly key: Uint8Array;
}

/**
 * `prepared`, which is `received` as it shall leave, with our Via on top. Its branch depends on `received` alone:
 * repetitions get the same one, and so do a CANCEL and the ACK for a refusal as their INVITE.
 *
 * @throws {HeaderMalformed}
 */
export function forwardStatelessly(received: SipRequest, prepared: SipRequest, hop: StatelessHop): SipRequest {
  const branch = `${magicCookie}${sipHash(hop.key, identityOf(received))}`;
  const { host, port } = parseVia(`SIP/2.0/${hop.transport} ${hop.sentBy}`);
  const via = formatVia({ transport: hop.transport, host, port, params: new Map([['branch', branch]]) });
  return { ...prepared, headers: prepared.headers.prepend('Via', via) };
}

/**
 * `response` without our Via, on its way to the one below; undefined where it is not for us, or for nobody else: it is
 * dropped (16.11, 18.1.2). `isOwn` knows our sent-by.
 *
 * @throws {HeaderMalformed}
 */
export function returnStatelessly(response: SipResponse, isOwn: (via: Via) => boolean): SipResponse | undefined {
  const [top, next] = response.headers.all('Via');
  if (top === undefined || next === undefined || !isOwn(parseVia(top))) return undefined;
  return { ...response, headers: response.headers.withoutFirst('Via') };
}

/** The branch of RFC 3261 says it all; one of RFC 2543 is helped by what makes the request out. */
function identityOf({ requestUri, headers }: SipRequest): string {
  const top = headers.first('Via') ?? '';
  const via = parseVia(top);
  const branch = via.params.get('branch') ?? '';
  if (isUniqueBranch(branch)) return `${branch} ${sentByOf(via)}`;
  const tagOf = (name: string): string => parseNameAddr(headers.first(name) ?? '', name).params.get('tag') ?? '';
  const { number } = parseCSeq(headers.first('CSeq') ?? '');
  return [top, tagOf('To'), tagOf('From'), headers.first('Call-ID'), number, requestUri].join('\n');
}
