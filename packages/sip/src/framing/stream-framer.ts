/**
 * Messages out of a stream: TCP and TLS (RFC 3261 7.5, 18.3; keep-alive by RFC 5626 3.5.1).
 *
 * @module
 */
import { HeaderMissing, MessageMalformed, MessageTooLarge } from '../errors.ts';
import { findNumber } from '../headers/number-header.ts';
import { noBody, type SipMessage } from '../messages/message.ts';
import { defaultLimits, type MessageLimits } from '../messages/message-limits.ts';
import { createMessage, type MessageHead, parseHead } from '../messages/parse-message.ts';
import { OctetQueue } from './octet-queue.ts';

/** A lone CRLF is a `pong`; a second one right after it makes the pair a `ping`, which wants a CRLF back. */
export type StreamEvent =
  | { readonly type: 'message'; readonly message: SipMessage }
  | { readonly type: 'ping' }
  | { readonly type: 'pong' };

const carriageReturn = 13;
const lineFeed = 10;

/** What is known of the message at the front of the stream once its head is there. */
interface Front {
  readonly head: MessageHead;
  readonly bodyEnd: number;
}

/**
 * Takes chunks as they come and gives back whole messages; how the stream is cut in chunks makes no difference.
 *
 * After an error the stream has no message border left: the connection must close.
 */
export class StreamFramer {
  readonly #limits: MessageLimits;
  readonly #queue = new OctetQueue();
  /** Octets of the queue already searched for the end of the head. */
  #searched = 0;
  #front: Front | undefined;
  #lastWasPong = false;

  constructor(limits: MessageLimits = defaultLimits) {
    this.#limits = limits;
  }

  /**
   * The octets that wait for more. After an error they begin with the broken message. Valid until the next chunk; what
   * shall live longer is to be copied.
   */
  get waiting(): Uint8Array {
    return this.#queue.octets;
  }

  /**
   * @throws {MessageTooLarge} more than a message's worth is waiting for its end.
   * @throws {HeaderMissing} no Content-Length, which a stream needs (RFC 3261 20.14), or several.
   * @throws {SipError} the message itself is broken, as {@link parseMessage} says.
   */
  *push(chunk: Uint8Array): Generator<StreamEvent, void> {
    this.#queue.push(chunk);
    for (let event = this.#next(); event !== undefined; event = this.#next()) {
      this.#lastWasPong = event.type === 'pong';
      yield event;
    }
    const { messageOctets } = this.#limits;
    if (this.#queue.length > messageOctets) throw new MessageTooLarge('octets', messageOctets);
  }

  #next(): StreamEvent | undefined {
    if (this.#front === undefined && this.#queue.octets[0] === carriageReturn) return this.#keepAlive();
    this.#front ??= this.#findFront();
    if (this.#front === undefined || this.#queue.length < this.#front.bodyEnd) return undefined;
    const { head, bodyEnd } = this.#front;
    const body = head.end === bodyEnd ? noBody : this.#queue.octets.slice(head.end, bodyEnd);
    this.#drop(bodyEnd);
    return { type: 'message', message: createMessage(head, body) };
  }

  #keepAlive(): StreamEvent | undefined {
    if (this.#queue.length < 2) return undefined;
    if (this.#queue.octets[1] !== lineFeed) throw new MessageMalformed('a line feed', 1);
    this.#drop(2);
    // Nobody waits with a pong for the octets that may follow it.
    return { type: this.#lastWasPong ? 'ping' : 'pong' };
  }

  #findFront(): Front | undefined {
    const headEnd = this.#findHeadEnd();
    if (headEnd < 0) return undefined;
    const { messageOctets } = this.#limits;
    if (headEnd > messageOctets) throw new MessageTooLarge('octets', messageOctets);
    const head = parseHead(this.#queue.octets, 0, this.#limits);
    const found = head.headers.count('Content-Length');
    if (found !== 1) throw new HeaderMissing('Content-Length', found);
    const bodyEnd = head.end + (findNumber(head.headers, 'Content-Length') ?? 0);
    if (bodyEnd > messageOctets) throw new MessageTooLarge('octets', messageOctets);
    return { head, bodyEnd };
  }

  /** The offset just after the empty line, or -1. */
  #findHeadEnd(): number {
    const { octets } = this.#queue;
    for (let at = octets.indexOf(lineFeed, this.#searched); at >= 0; at = octets.indexOf(lineFeed, at + 1)) {
      const isEmptyLine =
        octets[at - 1] === carriageReturn && octets[at - 2] === lineFeed && octets[at - 3] === carriageReturn;
      if (isEmptyLine) return at + 1;
    }
    this.#searched = octets.length;
    return -1;
  }

  #drop(length: number): void {
    this.#queue.drop(length);
    this.#searched = 0;
    this.#front = undefined;
  }
}
