import { expect, it } from 'vitest';
import { formatSubscriptionState, parseSubscriptionState } from './subscription-state.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Subscription-State',
  clause: 'RFC 6665 8.2.3',
  parse: parseSubscriptionState,
  format: formatSubscriptionState,
  wellFormed: [
    { source: 'RFC 3515 4.1, active', value: 'active;expires=60' },
    { source: 'RFC 3515 4.1, terminated', value: 'terminated;reason=noresource' },
    { source: 'RFC 6665 4.1.3, probation', value: 'terminated;reason=probation;retry-after=30' },
    { source: 'case and white space', value: 'Terminated ; Reason = Timeout', canonical: 'terminated;reason=timeout' },
    { source: 'an extension', value: 'waiting;x="a;b"' },
    { source: 'the most seconds', value: 'pending;expires=4294967295' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'state' },
    { fault: 'expires without value', value: 'active;expires', at: 6, expected: 'seconds in expires' },
    { fault: 'negative seconds', value: 'active;expires=-1', at: 6, expected: 'seconds in expires' },
    { fault: 'too many seconds', value: 'active;expires=4294967296', at: 6, expected: 'seconds in expires' },
    { fault: 'words in retry-after', value: 'active;retry-after=x', at: 6, expected: 'seconds in retry-after' },
    { fault: 'a reason without value', value: 'terminated;reason', at: 10, expected: 'a token in reason' },
    { fault: 'two states', value: 'active, pending', at: 6, expected: 'end of value' },
  ],
});

it('[RFC 6665 8.2.3] writes no reason that breaks out', () => {
  const value = parseSubscriptionState('terminated');
  expect(() => formatSubscriptionState({ ...value, reason: 'a;b' })).toThrow(TypeError);
  expect(() => formatSubscriptionState({ ...value, state: '' })).toThrow(TypeError);
});
