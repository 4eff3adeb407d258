/**
 * Answers for requests that are broken, without a transaction (RFC 3261 8.2.7 and 16.3 step 1).
 *
 * @module
 */
import {
  createResponse,
  decodeUtf8,
  type Headers,
  isRequest,
  parseMessage,
  SipError,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import type { FlowPeer } from './node-flow.ts';
import { withReceived } from './received.ts';

/**
 * The answer that names what is wrong; undefined where there can be none: ACK is never answered, and without a Via or
 * a CSeq nobody would know what the answer is to.
 */
export function refusalOf(
  request: SipRequest,
  { error, peer, toTag }: { readonly error: SipError; readonly peer: FlowPeer; readonly toTag: string },
): SipResponse | undefined {
  if (request.method === 'ACK' || !request.headers.has('Via') || !request.headers.has('CSeq')) return undefined;
  try {
    // The phrase should tell a sender what it did wrong (RFC 3261 21.4.1); our errors never repeat values.
    const reasonPhrase = error.message.slice(0, 120);
    return createResponse(withReceived(request, peer), error.statusCode, { reasonPhrase, toTag });
  } catch (unanswerable) {
    if (!(unanswerable instanceof SipError)) throw unanswerable;
    return undefined;
  }
}

/** What an answer copies, and CSeq to know the method by. */
const needed = /^(?:via|v|from|f|to|t|call-id|i|cseq)[ \t]*:/iu;
const maxKeptLines = 70;

/**
 * What is left of a request that could not be read as a whole, by the header fields an answer needs; undefined where
 * they cannot be read either, or it is no request.
 */
export function salvageRequest(octets: Uint8Array): SipRequest | undefined {
  const text = decodeUtf8(octets) ?? '';
  const end = text.indexOf('\r\n\r\n');
  const [startLine = '', ...lines] = text.slice(0, Math.max(0, end)).split('\r\n');
  const [method = '', , version = ''] = startLine.split(' ');
  if (!/^[A-Z]{1,32}$/u.test(method) || !/^SIP\/\d{1,3}\.\d{1,3}$/iu.test(version)) return undefined;
  // Folds are not followed: what they cut short is no longer read, and then there is no answer.
  const kept = lines.filter((line) => needed.test(line)).slice(0, maxKeptLines);
  const head = [`${method} sip:unread.invalid SIP/2.0`, ...kept, '', ''].join('\r\n');
  try {
    const message = parseMessage(new TextEncoder().encode(head));
    return isRequest(message) && hasEach(message.headers) ? message : undefined;
  } catch (unreadable) {
    if (!(unreadable instanceof SipError)) throw unreadable;
    return undefined;
  }
}

function hasEach(headers: Headers): boolean {
  return headers.has('Via') && ['From', 'To', 'Call-ID', 'CSeq'].every((name) => headers.count(name) === 1);
}
