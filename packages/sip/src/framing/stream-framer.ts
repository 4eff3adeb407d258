/**
 * Messages out of a stream: TCP and TLS (RFC 3261 7.5, 18.3; keep-alive by RFC 5626 3.5.1).
 *
 * @module
 */
import { HeaderMissing, MessageMalformed, MessageTooLarge } from '../errors.ts';
import type { SipMessage } from '../messages/message.ts';
import { defaultLimits, type MessageLimits, parseMessage } from '../messages/parse-message.ts';

/** `ping` is the double CRLF of a peer that wants a CRLF back; `pong` is that single CRLF. */
export type StreamEvent =
  | { readonly type: 'message'; readonly message: SipMessage }
  | { readonly type: 'ping' }
  | { readonly type: 'pong' };

const carriageReturn = 13;
const lineFeed = 10;
const contentLength = /^(?:content-length|l)[ \t]*:[ \t]*(\d{1,10})[ \t]*$/imu;

/**
 * Takes chunks as they come and gives back whole messages.
 *
 * After an error the stream has no message border left: the connection must close.
 */
export class StreamFramer {
  readonly #limits: MessageLimits;
  #pending: Uint8Array = new Uint8Array(0);
  /** Octets of `#pending` already searched for the end of the head. */
  #searched = 0;

  constructor(limits: MessageLimits = defaultLimits) {
    this.#limits = limits;
  }

  /**
   * @throws {MessageTooLarge} more than a message's worth is waiting for its end.
   * @throws {HeaderMissing} no Content-Length, which a stream needs (RFC 3261 20.14).
   * @throws {SipError} the message itself is broken, as {@link parseMessage} says.
   */
  *push(chunk: Uint8Array): Generator<StreamEvent, void> {
    this.#pending = this.#pending.length === 0 ? chunk : concat(this.#pending, chunk);
    for (let event = this.#next(); event !== undefined; event = this.#next()) yield event;
    if (this.#pending.length > this.#limits.messageOctets)
      throw new MessageTooLarge('octets', this.#limits.messageOctets);
  }

  #next(): StreamEvent | undefined {
    if (this.#pending[0] === carriageReturn) return this.#keepAlive();
    const headEnd = this.#findHeadEnd();
    if (headEnd < 0) return undefined;
    const length = this.#contentLength(headEnd);
    const end = headEnd + length;
    if (end > this.#limits.messageOctets) throw new MessageTooLarge('octets', this.#limits.messageOctets);
    if (this.#pending.length < end) return undefined;
    const octets = this.#take(end);
    return { type: 'message', message: parseMessage(octets, this.#limits) };
  }

  #keepAlive(): StreamEvent | undefined {
    if (this.#pending.length < 2) return undefined;
    if (this.#pending[1] !== lineFeed) throw new MessageMalformed('a line feed', 1);
    const isPing = this.#pending[2] === carriageReturn && this.#pending[3] === lineFeed;
    // A lone CR after CRLF may be the first half of a ping.
    if (this.#pending.length === 3 && this.#pending[2] === carriageReturn) return undefined;
    this.#take(isPing ? 4 : 2);
    return { type: isPing ? 'ping' : 'pong' };
  }

  /** The offset just after the empty line, or -1. */
  #findHeadEnd(): number {
    const octets = this.#pending;
    for (let at = octets.indexOf(lineFeed, this.#searched); at >= 0; at = octets.indexOf(lineFeed, at + 1)) {
      if (
        at >= 3 &&
        octets[at - 1] === carriageReturn &&
        octets[at - 2] === lineFeed &&
        octets[at - 3] === carriageReturn
      ) {
        return at + 1;
      }
    }
    this.#searched = octets.length;
    return -1;
  }

  #contentLength(headEnd: number): number {
    let head = '';
    for (let at = 0; at < headEnd; at += 4_096) {
      head += String.fromCharCode(...this.#pending.subarray(at, Math.min(headEnd, at + 4_096)));
    }
    const digits = contentLength.exec(head)?.[1];
    if (digits === undefined) throw new HeaderMissing('Content-Length', 0);
    return Number(digits);
  }

  #take(length: number): Uint8Array {
    const octets = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    this.#searched = 0;
    return octets;
  }
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array {
  const octets = new Uint8Array(left.length + right.length);
  octets.set(left);
  octets.set(right, left.length);
  return octets;
}
