/**
 * ChannelData messages (RFC 8656 12.4).
 *
 * @module
 */

/** Channel numbers that may be bound (RFC 8656 12). */
export const minChannel = 0x4000;
export const maxChannel = 0x4fff;

export const channelHeaderLength = 4;

/** `padded` fills up to a multiple of 4, as a byte stream needs (RFC 8656 12.5). */
export function encodeChannelData(channel: number, data: Buffer, padded: boolean): Buffer {
  const end = channelHeaderLength + data.length;
  const octets = Buffer.allocUnsafe(padded ? (end + 3) & ~3 : end);
  octets.writeUInt16BE(channel, 0);
  octets.writeUInt16BE(data.length, 2);
  data.copy(octets, channelHeaderLength);
  octets.fill(0, end);
  return octets;
}

/** The application data, as a view; undefined if the message is shorter than it says. */
export function channelPayload(octets: Buffer): Buffer | undefined {
  if (octets.length < channelHeaderLength) return undefined;
  const end = channelHeaderLength + octets.readUInt16BE(2);
  return end <= octets.length ? octets.subarray(channelHeaderLength, end) : undefined;
}
