import { expect, it } from 'vitest';
import { mediaLost, saysMediaLost } from './release-cause.ts';

it('[RFC 3326 2] is read as it is written', () => {
  expect(mediaLost).toBe('RELEASE_CAUSE;cause=3;text="Media bearer loss"');
  expect(saysMediaLost([mediaLost])).toBe(true);
});

it.each([
  { reasons: [], is: false },
  { reasons: ['SIP;cause=200', 'release_cause ; cause=3'], is: true },
  { reasons: ['RELEASE_CAUSE;cause=1;text="User ends call"'], is: false },
  { reasons: ['SIP;cause=3', 'RELEASE_CAUSE'], is: false },
  { reasons: ['RELEASE_CAUSE;cause=three', ';;', ''], is: false },
])('[RFC 3326 2] $reasons says that media were lost: $is', ({ reasons, is }) => {
  expect(saysMediaLost(reasons)).toBe(is);
});
