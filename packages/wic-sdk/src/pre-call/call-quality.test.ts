import { describe, expect, it } from 'vitest';
import { gradeSound, rateSound } from './call-quality.ts';

const measured = { roundTripMs: 40, jitterMs: 2, lossPercent: 0, bitrateKbps: undefined };

describe('the quality of sound', () => {
  it.each([
    { what: 'a good line', change: {}, grade: 'good' },
    { what: 'G.114: 150 ms one way is not noticed', change: { roundTripMs: 200, jitterMs: 0 }, grade: 'good' },
    { what: 'across an ocean and back', change: { roundTripMs: 400, jitterMs: 5 }, grade: 'fair' },
    { what: 'G.114: 400 ms one way is not to be had', change: { roundTripMs: 800 }, grade: 'poor' },
    { what: 'loss of 2 %', change: { lossPercent: 2 }, grade: 'good' },
    { what: 'loss of 4 %', change: { lossPercent: 4 }, grade: 'fair' },
    { what: 'loss of 8 %', change: { lossPercent: 8 }, grade: 'poor' },
    { what: 'jitter of 90 ms', change: { jitterMs: 90 }, grade: 'fair' },
    { what: 'room for sound', change: { bitrateKbps: 64 }, grade: 'good' },
    { what: 'too little room for sound', change: { bitrateKbps: 40 }, grade: 'fair' },
    { what: 'nothing but loss', change: { lossPercent: 100, roundTripMs: 10_000 }, grade: 'poor' },
  ])('[G.107 7.4] [G.109] $what: $grade', ({ change, grade }) => {
    expect(gradeSound({ ...measured, ...change })).toBe(grade);
  });

  it('[G.107] is never above that of a line without impairments, and never below 0', () => {
    expect(rateSound({ ...measured, roundTripMs: 0, jitterMs: 0 })).toBeCloseTo(92);
    expect(rateSound({ ...measured, roundTripMs: 60_000, lossPercent: 100 })).toBe(0);
  });
});
