import { expect, it } from 'vitest';
import { grantLifetime } from './lifetime.ts';

const limits = { defaultSeconds: 600, maxSeconds: 3_600 };
const nowMs = 1_700_000_000_500;

it.each([
  { asks: undefined, left: 7_200, granted: 600 },
  { asks: 0, left: 7_200, granted: 600 },
  { asks: 300, left: 7_200, granted: 600 },
  { asks: 1_800, left: 7_200, granted: 1_800 },
  { asks: 4_294_967_295, left: 7_200, granted: 3_600 },
  { asks: undefined, left: 100, granted: 100 },
  { asks: 3_600, left: 1, granted: 1 },
])(
  '[RFC 8656 7.2] [X.5.2.2-7] asks for $asks s, credential has $left s left: $granted s',
  ({ asks, left, granted }) => {
    const lastMs = 1_000 * (1_700_000_000 + left);
    expect(grantLifetime({ requestedSeconds: asks, lastMs, nowMs }, limits)).toBe(granted);
  },
);

it('[RFC 8656 7.2] the maximum counts when it is shorter than the default', () => {
  const request = { requestedSeconds: undefined, lastMs: 1_700_007_200_000, nowMs };
  expect(grantLifetime(request, { defaultSeconds: 600, maxSeconds: 20 })).toBe(20);
});
