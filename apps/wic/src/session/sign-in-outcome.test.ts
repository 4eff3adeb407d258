import { describe, expect, it } from 'vitest';
import { findSignInOutcome, signInOutcomeText } from './sign-in-outcome.ts';

describe('how the last sign-in went', () => {
  it.each(['failed', 'denied', 'unavailable'] as const)('[X.3.2.3-1] knows %s and has words for it', (outcome) => {
    expect(findSignInOutcome(`?sign-in=${outcome}`)).toBe(outcome);
    expect(signInOutcomeText(outcome)).toMatch(/\.$/);
  });

  it.each(['', '?', '?sign-in=', '?sign-in=ok', '?sign-in=constructor', '?other=failed'])(
    '[X.3.2.3-1] makes nothing of "%s"',
    (search) => {
      expect(findSignInOutcome(search)).toBeUndefined();
    },
  );
});
