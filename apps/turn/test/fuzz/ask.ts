/**
 * Asks a server over UDP as clients do: again where no answer comes (RFC 8489 6.2.1).
 *
 * @module
 */
import { type DecodedMessage, decodeMessage, headerLength } from '@wicgate/stun';
import type { Wire } from '@wicgate/turn-client';

const repeatMs = 500;
const mostRepeats = 20;

/** The answer to that request; others may come in between. Rejects where ten seconds bring none. */
export async function ask(wire: Wire, request: Buffer): Promise<DecodedMessage> {
  let repeats = 0;
  const timer = setInterval(() => {
    repeats += 1;
    if (repeats <= mostRepeats) wire.send(request);
  }, repeatMs);
  try {
    wire.send(request);
    for (;;) {
      const octets = await takeNext(wire, () => repeats);
      if (octets.length < headerLength || octets.readUInt8(0) >= 0x40) continue;
      if (octets.subarray(8, headerLength).equals(request.subarray(8, headerLength))) return decodeMessage(octets);
    }
  } finally {
    clearInterval(timer);
  }
}

/** The inbox loses patience before a busy machine does. */
async function takeNext({ inbox }: Wire, repeats: () => number): Promise<Buffer> {
  for (;;) {
    try {
      return await inbox.take();
    } catch (error) {
      if (repeats() >= mostRepeats) throw error;
    }
  }
}
