import { expect, it } from 'vitest';
import { parseSubscriptionState } from '../headers/subscription-state.ts';
import { endsSubscription } from './ends-subscription.ts';
import { notifiedEnd } from './subscription-end.ts';

it.each([
  { value: 'reason=deactivated;retry-after=5', again: 'now', afterSeconds: undefined },
  { value: 'reason=timeout', again: 'now', afterSeconds: undefined },
  { value: 'reason=probation', again: 'later', afterSeconds: undefined },
  { value: 'reason=probation;retry-after=5', again: 'later', afterSeconds: 5 },
  { value: 'reason=giveup;retry-after=5', again: 'later', afterSeconds: 5 },
  { value: 'reason=rejected;retry-after=5', again: 'never', afterSeconds: undefined },
  { value: 'reason=noresource', again: 'never', afterSeconds: undefined },
  { value: 'reason=invariant', again: 'never', afterSeconds: undefined },
  { value: 'reason=other', again: 'now', afterSeconds: undefined },
  { value: 'reason=other;retry-after=5', again: 'later', afterSeconds: 5 },
  { value: 'x=y', again: 'now', afterSeconds: undefined },
])('[RFC 6665 4.1.3] $value: $again', ({ value, again, afterSeconds }) => {
  expect(notifiedEnd(parseSubscriptionState(`terminated;${value}`))).toMatchObject({
    type: 'notified',
    again,
    afterSeconds,
  });
});

it.each([
  ...[404, 405, 410, 416, 480, 485, 489, 501, 604].map((statusCode) => ({ statusCode, ends: true })),
  ...[200, 400, 403, 408, 423, 479, 486, 487, 500, 503, 603].map((statusCode) => ({ statusCode, ends: false })),
])('[RFC 6665 4.1.2.2] $statusCode ends a subscription: $ends', ({ statusCode, ends }) => {
  expect(endsSubscription(statusCode)).toBe(ends);
});
