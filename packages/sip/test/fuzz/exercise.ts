/**
 * What must hold for any octets whatsoever.
 *
 * @module
 */
import { parseMultipart } from '../../src/bodies/multipart.ts';
import { SipError } from '../../src/errors.ts';
import { StreamFramer } from '../../src/framing/stream-framer.ts';
import { answerBroken } from '../../src/messages/answer-broken.ts';
import { checkMessage } from '../../src/messages/check-message.ts';
import { createResponse } from '../../src/messages/create-response.ts';
import { formatMessage } from '../../src/messages/format-message.ts';
import { isRequest, type SipMessage } from '../../src/messages/message.ts';
import { parseMessage } from '../../src/messages/parse-message.ts';
import type { Random } from './random.ts';
import { accept, readHeader, readUri, rememberHeader, typedKeys } from './typed-headers.ts';

/** How far a message came. */
export type Outcome = 'refused' | 'malformed' | 'accepted';

/**
 * Reads octets as a datagram, checks the message and reads every header field by its type.
 *
 * @throws {Error} something else than a SipError came out, or a message or header is no fixed point of parse and format.
 */
export function exercise(octets: Uint8Array): Outcome {
  const message = accept(() => parseMessage(octets));
  if (message === undefined) return 'refused';
  holdMessage(message);
  forEachTyped(message, readHeader);
  if (isRequest(message)) readUri(message.requestUri);
  readParts(message);
  if (refusalOf(() => checkMessage(message)) !== undefined) return 'malformed';
  if (isRequest(message)) holdMessage(createResponse(message, 200, { toTag: 'a' }));
  return 'accepted';
}

/** Reads the header fields of a message that mutants will be made of, so that only what is new need be read again. */
export function remember(octets: Uint8Array): void {
  const message = accept(() => parseMessage(octets));
  if (message !== undefined) forEachTyped(message, rememberHeader);
}

function forEachTyped({ headers }: SipMessage, read: (key: string, value: string) => void): void {
  for (const key of typedKeys) {
    if (!headers.has(key)) continue;
    for (const value of headers.all(key)) read(key, value);
  }
}

/**
 * Reads octets as a stream, whole and in pieces.
 *
 * @throws {Error} something else than a SipError came out, or the cuts made a difference.
 */
export function exerciseStream(octets: Uint8Array, random: Random): void {
  const whole = framesOf([octets]);
  const cuts = Array.from({ length: 1 + random.below(4) }, () => random.below(octets.length + 1));
  cuts.sort((a, b) => a - b);
  const pieces = [0, ...cuts].map((cut, index) => octets.slice(cut, cuts[index] ?? octets.length));
  const cut = framesOf(pieces);
  if (cut !== whole) throw new Error(`expected the same of every cut: ${JSON.stringify([cuts, whole, cut])}`);
}

/** What came of the pieces, in short; after an error the rest is not read. */
function framesOf(pieces: readonly Uint8Array[]): string {
  const framer = new StreamFramer();
  let seen = '';
  try {
    for (const piece of pieces) {
      for (const event of framer.push(piece)) {
        seen += event.type === 'message' ? `${event.message.headers.size} ${event.message.body.length};` : event.type;
      }
    }
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
    seen += error.code;
  }
  return seen;
}

/**
 * Answers octets that are refused.
 *
 * @throws {Error} something else than a SipError came out, or the answer is no message.
 */
export function exerciseAnswer(octets: Uint8Array): void {
  const error = refusalOf(() => checkMessage(parseMessage(octets)));
  const answer = error === undefined ? undefined : answerBroken(octets, error, { toTag: 'a' });
  if (answer !== undefined) parseMessage(formatMessage(answer), roomy);
}

function refusalOf(read: () => void): SipError | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof SipError) return error;
    throw error;
  }
}

function holdMessage(message: SipMessage): void {
  const once = formatMessage(message);
  const twice = formatMessage(parseMessage(once, roomy));
  if (!isEqual(once, twice)) throw new Error('expected a fixed point of parseMessage and formatMessage');
}

/** Writing Content-Length may make a message longer than it came. */
const roomy = { messageOctets: 200_000, headerFields: 1_000, headerFieldCharacters: 200_000 };

function readParts({ headers, body }: SipMessage): void {
  const type = headers.first('Content-Type');
  if (type?.toLowerCase().startsWith('multipart/') === true) accept(() => parseMultipart(body, type));
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
