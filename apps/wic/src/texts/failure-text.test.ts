import { describeFailure, type FailureDetail } from '@wicgate/wic-sdk';
import { describe, expect, it } from 'vitest';
import { failureText } from './failure-text.ts';

const reasons = ['refused', 'not signed in', 'no identity', 'network ended', 'sim unavailable'] as const;
const details: readonly FailureDetail[] = [
  ...(['wrong credentials', 'network not authenticated', 'scheme not offered', 'sim out of step'] as const),
  ...(['token refused', 'identity not granted', 'identity outside pool', 'not granted'] as const),
  ...(['third party not allowed', 'third party barred'] as const),
  ...(['rejected', 'unregistered', 'expired', 'connection closed'] as const),
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
        : describeFailure('refused', cause as FailureDetail);
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

  it.each([
    { clause: '[X.3.2.3-4]', detail: 'token refused', way: 'web', action: 'Sign in again' },
    { clause: '[REQ 2.1]', detail: 'not granted', way: 'web', action: 'Allow it again' },
    { clause: '[REQ 2.1] [X.3.2.3-6.2]', detail: 'third party not allowed', way: 'web', action: 'Try again' },
    { clause: '[REQ 2.2] [X.3.2.3-6.2]', detail: 'third party barred', way: 'web', action: 'Try again' },
    { clause: '[REQ 3.2]', detail: 'identity outside pool', way: 'guest', action: 'Continue as guest' },
  ] as const)('$clause $detail by $way has words of its own, and can: $action', ({ detail, way, action }) => {
    const text = failureText(describeFailure('refused', detail), way);
    expect(text.actions[0]).toBe(action);
    expect(text.title).not.toBe(failureText(describeFailure('refused'), way).title);
  });
});
