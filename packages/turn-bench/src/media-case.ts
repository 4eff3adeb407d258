/**
 * What is relayed: in which framing between client and server, which way, how long.
 *
 * @module
 */

/** Send and Data indications (RFC 8656 11) or ChannelData (RFC 8656 12.4). */
export type Framing = 'ChannelData' | 'Send/Data';
export type Direction = 'to peer' | 'to client';

export interface MediaCase {
  readonly framing: Framing;
  readonly direction: Direction;
  /** Octets of application data: a voice packet of 20 ms G.711, and a full video packet. */
  readonly payload: number;
}

export const mediaCases: readonly MediaCase[] = (['ChannelData', 'Send/Data'] as const).flatMap((framing) =>
  [172, 1_200].flatMap((payload) =>
    (['to peer', 'to client'] as const).map((direction) => ({ framing, direction, payload })),
  ),
);
