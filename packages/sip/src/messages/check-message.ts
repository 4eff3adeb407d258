/**
 * What every message must carry before anybody acts on it (RFC 3261 8.1.1, 8.2 and 16.3 step 1).
 *
 * @module
 */
import { HeaderMalformed, HeaderMissing } from '../errors.ts';
import { parseCSeq } from '../headers/cseq.ts';
import type { Headers } from '../headers/headers.ts';
import { parseNameAddr } from '../headers/name-addr.ts';
import { findNumber } from '../headers/number-header.ts';
import { parseVia } from '../headers/via.ts';
import { isRequest, type SipMessage } from './message.ts';

const single = ['From', 'To', 'Call-ID', 'CSeq'] as const;
/** Each hop adds one value: a message with more has come through no network. */
const maxHops = 70;
const routing = ['Via', 'Route', 'Record-Route', 'Path', 'Service-Route'] as const;
const atMostOnce = ['Max-Forwards', 'Content-Length', 'Content-Type', 'Expires'] as const;

/**
 * Via, From, To, Call-ID and CSeq are there, once, well formed, and CSeq names the method of the request.
 *
 * @throws {HeaderMissing} @throws {HeaderMalformed}
 */
export function checkMessage(message: SipMessage): void {
  const { headers } = message;
  for (const name of single) if (headers.count(name) !== 1) throw new HeaderMissing(name, headers.count(name));
  for (const name of atMostOnce) if (headers.count(name) > 1) throw new HeaderMissing(name, headers.count(name));
  const via = headers.first('Via');
  if (via === undefined) throw new HeaderMissing('Via', 0);
  parseVia(via);
  const from = parseNameAddr(headers.first('From') ?? '', 'From');
  const to = parseNameAddr(headers.first('To') ?? '', 'To');
  if (from.params.get('tag') === '') throw new HeaderMalformed('From', 0, 'a value in tag');
  if (to.params.get('tag') === '') throw new HeaderMalformed('To', 0, 'a value in tag');
  for (const name of routing) checkHops(headers, name);
  if (headers.first('Call-ID') === '') throw new HeaderMalformed('Call-ID', 0, 'a word');
  const cseq = parseCSeq(headers.first('CSeq') ?? '');
  if (!isRequest(message)) return;
  if (cseq.method !== message.method) throw new HeaderMalformed('CSeq', 0, 'the method of the request');
  if (!from.params.has('tag') && message.method !== 'CANCEL') checkOldPeer(headers.first('Via') ?? '');
  const hops = findNumber(headers, 'Max-Forwards');
  if (hops !== undefined && hops > 255) throw new HeaderMalformed('Max-Forwards', 0, 'a number from 0 to 255');
}

/** Counts without splitting: commas in quotes count too, which no honest route has. */
function checkHops(headers: Headers, name: string): void {
  let hops = 0;
  for (const { key, value } of headers) {
    if (key !== name.toLowerCase()) continue;
    hops += 1;
    for (let at = value.indexOf(','); at >= 0; at = value.indexOf(',', at + 1)) hops += 1;
  }
  if (hops > maxHops) throw new HeaderMalformed(name, 0, `at most ${maxHops} values`);
}

/** A From without tag is RFC 2543's; it comes with a branch that is RFC 2543's too (RFC 3261 12.1.1). */
function checkOldPeer(via: string): void {
  const branch = parseVia(via).params.get('branch') ?? '';
  if (branch.startsWith('z9hG4bK')) throw new HeaderMalformed('From', 0, 'a tag');
}
