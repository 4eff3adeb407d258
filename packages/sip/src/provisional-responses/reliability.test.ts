import { describe, expect, it } from 'vitest';
import { invitation } from '../testing/invitation.ts';
import { decideReliability } from './reliability.ts';

describe('decideReliability', () => {
  it.each([
    { says: 'Require', policy: 'never', result: '420 Unsupported: 100rel' },
    { says: 'Require', policy: 'supported', result: 'reliable' },
    { says: 'Require', policy: 'always', result: 'reliable' },
    { says: 'Supported', policy: 'never', result: 'unreliable' },
    { says: 'Supported', policy: 'supported', result: 'reliable' },
    { says: 'Supported', policy: 'always', result: 'reliable' },
    { says: undefined, policy: 'never', result: 'unreliable' },
    { says: undefined, policy: 'supported', result: 'unreliable' },
    { says: undefined, policy: 'always', result: '421 Require: 100rel' },
  ] as const)('[RFC 3262 3] $policy against $says is $result', ({ says, policy, result }) => {
    const headers = says === undefined ? invitation.headers : invitation.headers.with(says, 'timer, 100REL');
    const decided = decideReliability({ ...invitation, headers }, policy);
    const text = decided.type === 'refuse' ? `${decided.statusCode} ${decided.header.join(': ')}` : decided.type;
    expect(text).toBe(result);
  });
});
