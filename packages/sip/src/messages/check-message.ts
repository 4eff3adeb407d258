/**
 * What every message must carry before anybody acts on it (RFC 3261 8.1.1, 8.2 and 16.3 step 1).
 *
 * @module
 */
import { HeaderMalformed, HeaderMissing } from '../errors.ts';
import type { GrammarLimits } from '../grammar/grammar-limits.ts';
import { parseCSeq } from '../headers/cseq.ts';
import type { Headers } from '../headers/headers.ts';
import { type NameAddr, parseNameAddr } from '../headers/name-addr.ts';
import { findNumber } from '../headers/number-header.ts';
import { parseVia, type Via } from '../headers/via.ts';
import { maxUriCharacters, parseUri } from '../uris/uri.ts';
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
 * @throws {MessageTooLarge} more parameters than `limits` allow.
 */
export function checkMessage(message: SipMessage, limits?: Partial<GrammarLimits>): void {
  const { headers } = message;
  for (const name of single) checkCount(headers, name, 1);
  for (const name of atMostOnce) checkCount(headers, name, 0);
  const value = headers.first('Via');
  if (value === undefined) throw new HeaderMissing('Via', 0);
  const via = parseVia(value, limits);
  const from = readParty(headers, 'From', limits);
  readParty(headers, 'To', limits);
  for (const name of routing) checkHops(headers, name);
  if (headers.first('Call-ID') === '') throw new HeaderMalformed('Call-ID', 0, 'a word');
  const cseq = parseCSeq(headers.first('CSeq') ?? '');
  if (!isRequest(message)) return;
  if (cseq.method !== message.method) throw new HeaderMalformed('CSeq', 0, 'the method of the request');
  if (message.requestUri.includes('?')) checkRequestUri(message.requestUri);
  if (!from.params.has('tag') && message.method !== 'CANCEL') checkOldPeer(via);
  const hops = findNumber(headers, 'Max-Forwards');
  if (hops !== undefined && hops > 255) throw new HeaderMalformed('Max-Forwards', 0, 'a number from 0 to 255');
}

/** Header fields have no place in a SIP URI here (RFC 3261 19.1.1). */
function checkRequestUri(text: string): void {
  // One that is too long gets an answer of its own (21.4.12), from whoever looks at it first.
  if (!/^sips?:/iu.test(text) || text.length > maxUriCharacters) return;
  const uri = parseUri(text, 'Request-URI');
  if ('headers' in uri && uri.headers !== '') throw new HeaderMalformed('Request-URI', 0, 'no header fields');
}

function checkCount(headers: Headers, name: string, least: number): void {
  const count = headers.count(name);
  if (count > 1 || count < least) throw new HeaderMissing(name, count);
}

function readParty(headers: Headers, name: 'From' | 'To', limits: Partial<GrammarLimits> | undefined): NameAddr {
  const party = parseNameAddr(headers.first(name) ?? '', name, limits);
  if (party.params.get('tag') === '') throw new HeaderMalformed(name, 0, 'a value in tag');
  return party;
}

function checkHops(headers: Headers, name: string): void {
  if (headers.all(name).length > maxHops) throw new HeaderMalformed(name, 0, `at most ${maxHops} values`);
}

/** A From without tag is RFC 2543's; it comes with a branch that is RFC 2543's too (RFC 3261 12.1.1). */
function checkOldPeer({ params }: Via): void {
  if (params.get('branch')?.startsWith('z9hG4bK') === true) throw new HeaderMalformed('From', 0, 'a tag');
}
