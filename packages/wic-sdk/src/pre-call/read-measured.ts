/**
 * What sound went through, from what two ends of a connection have counted (W3C webrtc-stats).
 *
 * @module
 */
import type { Measured } from './pre-call-test.ts';

/** What is read of an entry; browsers leave out what they do not know. */
interface Entry {
  readonly id: string;
  readonly type: string;
  readonly kind?: string;
  readonly selectedCandidatePairId?: string;
  /** Firefox has no `transport` entries, and marks the pair. */
  readonly selected?: boolean;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  /** In seconds. */
  readonly jitter?: number;
  readonly totalRoundTripTime?: number;
  readonly responsesReceived?: number;
  readonly currentRoundTripTime?: number;
  /** In bits a second. */
  readonly availableOutgoingBitrate?: number;
}

export type Stats = Iterable<readonly [string, unknown]>;

/** Undefined where no sound has arrived, or nobody knows how long it took. */
export function readMeasured(sender: Stats, receiver: Stats): Measured | undefined {
  const pair = findPair(new Map(sender as Iterable<readonly [string, Entry]>));
  const inbound = [...(receiver as Iterable<readonly [string, Entry]>)]
    .map(([, entry]) => entry)
    .find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
  const { packetsReceived = 0, packetsLost = 0, jitter = 0 } = inbound ?? {};
  const seconds = readRoundTrip(pair);
  if (packetsReceived <= 0 || seconds === undefined) return undefined;
  const lost = Math.max(0, packetsLost);
  const bitrate = pair?.availableOutgoingBitrate;
  return {
    roundTripMs: seconds * 1_000,
    jitterMs: jitter * 1_000,
    lossPercent: (100 * lost) / (lost + packetsReceived),
    bitrateKbps: bitrate === undefined ? undefined : bitrate / 1_000,
  };
}

function findPair(entries: ReadonlyMap<string, Entry>): Entry | undefined {
  for (const { type, selectedCandidatePairId: id } of entries.values()) {
    if (type === 'transport' && id !== undefined) return entries.get(id);
  }
  return [...entries.values()].find(({ type, selected }) => type === 'candidate-pair' && selected === true);
}

/** The mean of all checks; where they are not summed up, the last one. */
function readRoundTrip(pair: Entry | undefined): number | undefined {
  const { totalRoundTripTime, responsesReceived = 0, currentRoundTripTime } = pair ?? {};
  if (totalRoundTripTime === undefined || responsesReceived === 0) return currentRoundTripTime;
  return totalRoundTripTime / responsesReceived;
}
