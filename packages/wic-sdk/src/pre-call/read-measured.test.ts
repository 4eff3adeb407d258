import { describe, expect, it } from 'vitest';
import { readMeasured } from './read-measured.ts';

const pair = { id: 'P', type: 'candidate-pair', totalRoundTripTime: 0.3, responsesReceived: 3 };
const inbound = { id: 'I', type: 'inbound-rtp', kind: 'audio', packetsReceived: 198, packetsLost: 2, jitter: 0.004 };
const chromium = [{ id: 'T', type: 'transport', selectedCandidatePairId: 'P' }, pair];
const stats = (entries: readonly Readonly<Record<string, unknown>>[]) =>
  new Map(entries.map((entry): [string, unknown] => [String(entry.id), entry]));

describe('what the ends of a loopback have counted', () => {
  it.each([
    { browser: 'Chromium', sender: chromium, roundTripMs: 100 },
    { browser: 'Firefox', sender: [{ ...pair, selected: true }], roundTripMs: 100 },
    {
      browser: 'a browser that sums nothing up',
      sender: [{ id: 'P', type: 'candidate-pair', selected: true, currentRoundTripTime: 0.07 }],
      roundTripMs: 70,
    },
  ])('[W3C webrtc-stats] of $browser', ({ sender, roundTripMs }) => {
    const measured = readMeasured(stats(sender), stats([inbound]));
    expect(measured?.roundTripMs).toBeCloseTo(roundTripMs);
    expect(measured).toMatchObject({ jitterMs: 4, lossPercent: 1, bitrateKbps: undefined });
  });

  it('[RFC 3550 6.4.1] duplicates, which make the loss negative, are no gain', () => {
    const measured = readMeasured(stats(chromium), stats([{ ...inbound, packetsLost: -5 }]));
    expect(measured?.lossPercent).toBe(0);
  });

  it.each([
    { what: 'no sound', sender: chromium, receiver: [{ ...inbound, packetsReceived: 0 }] },
    { what: 'no account of sound', sender: chromium, receiver: [] },
    { what: 'no pair', sender: [pair], receiver: [inbound] },
    { what: 'nothing', sender: [], receiver: [] },
  ])('[WIC] says nothing of $what', ({ sender, receiver }) => {
    expect(readMeasured(stats(sender), stats(receiver))).toBeUndefined();
  });
});
