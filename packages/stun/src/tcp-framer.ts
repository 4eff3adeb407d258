/**
 * Cuts a byte stream into STUN and ChannelData messages (RFC 8656 12.5, RFC 8489 6.2.2).
 *
 * @module
 */

import { channelHeaderLength } from './channel-data.ts';
import { StreamOutOfStep } from './errors.ts';
import { headerLength, magicCookie } from './message.ts';

/** The longest message taken, far above what one media datagram needs. */
export const maxFrameLength = 16_384;
/** Octets needed to know a message's length and kind. */
const prefixLength = 8;

export class TcpFramer {
  /** The start of a message whose end has not come; shorter than one message. */
  #rest: Buffer = Buffer.alloc(0);

  /**
   * Hands each message that is complete to `onFrame`, ChannelData without padding, as a view of `chunk` where it lies
   * in there whole.
   *
   * @throws {StreamOutOfStep} the stream is no TURN, and the connection useless.
   */
  push(chunk: Buffer, onFrame: (frame: Buffer) => void): void {
    let octets = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const extent = measure(octets);
      if (extent === undefined || octets.length < extent.withPadding) break;
      onFrame(octets.subarray(0, extent.length));
      octets = octets.subarray(extent.withPadding);
    }
    // A copy, so that a few octets do not keep a whole chunk in memory.
    this.#rest = Buffer.from(octets);
  }
}

interface Extent {
  readonly length: number;
  readonly withPadding: number;
}

/** Undefined while too little is there. */
function measure(octets: Buffer): Extent | undefined {
  if (octets.length < channelHeaderLength) return undefined;
  const kind = octets.readUInt8(0) >> 6;
  if (kind > 1) throw new StreamOutOfStep('a STUN or ChannelData message');
  const length = octets.readUInt16BE(2) + (kind === 0 ? headerLength : channelHeaderLength);
  if (length > maxFrameLength) throw new StreamOutOfStep(`messages of at most ${maxFrameLength} octets`);
  if (kind === 1) return { length, withPadding: (length + 3) & ~3 };
  if (length % 4 !== 0) throw new StreamOutOfStep('a STUN length that is a multiple of 4');
  if (octets.length < prefixLength) return undefined;
  if (octets.readUInt32BE(4) !== magicCookie) throw new StreamOutOfStep('the magic cookie');
  return { length, withPadding: length };
}
