import { describeFailure, type RefusalDetail, type SimProblem } from '@wicgate/wic-sdk';
import { describe, expect, it } from 'vitest';
import { failureText } from './failure-text.ts';

const reasons = ['refused', 'not signed in', 'no identity', 'network ended', 'sim unavailable'] as const;
const details: readonly (RefusalDetail | SimProblem)[] = [
  ...(['wrong credentials', 'network not authenticated', 'scheme not offered', 'sim out of step'] as const),
  ...(['no profile', 'not allowed', 'blocked', 'storage', 'not answering'] as const),
];
const ways = ['web', 'digest', 'sim', 'guest'] as const;

describe('why a registration failed', () => {
  it.each(ways.flatMap((way) => [...reasons, ...details].map((cause) => ({ way, cause }))))(
    '[WIC] has words, and something to do, for $cause by $way',
    ({ way, cause }) => {
      const isReason = reasons.some((reason) => reason === cause);
      const failed = isReason
        ? describeFailure(cause as (typeof reasons)[number])
        : describeFailure('refused', cause as RefusalDetail);
      const { title, text, actions } = failureText(failed, way);
      expect(title).not.toMatch(/\.$/u);
      expect(text).toMatch(/\.$/u);
      expect(actions.length).toBeGreaterThan(0);
    },
  );

  it.each([
    { clause: '[X.3.2.3-1]', reason: 'not signed in', way: 'web', action: 'Sign in' },
    { clause: '[X.4.2.1]', reason: 'not signed in', way: 'guest', action: 'Continue as guest' },
    { clause: '[X.2.2.3]', reason: 'not signed in', way: 'digest', action: 'Choose another way' },
  ] as const)('$clause whose sign-in by $way ended can: $action', ({ reason, way, action }) => {
    expect(failureText(describeFailure(reason), way).actions[0]).toBe(action);
  });
});
