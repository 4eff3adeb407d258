import { describe, expect, it } from 'vitest';
import { parseRevocationEndpoints } from './revocation-endpoints.ts';
import { findLifetime, parseTurnPolicy, type TurnRule } from './turn-policy.ts';

function rulesOf(text: string): readonly TurnRule[] {
  const read = parseTurnPolicy(text);
  if ('fault' in read) throw new TypeError(read.fault);
  return read.rules;
}

describe('TURN policy', () => {
  const text = 'guest-9@ims.example=900, guest-*@ims.example=600, bad-*@ims.example=refused, *@visitors.example=86400';

  it.each([
    ['guest-9@ims.example', 900],
    ['guest-1@ims.example', 600],
    ['bad-1@ims.example', undefined],
    ['anna@visitors.example', 86_400],
    ['alice@ims.example', 3_600],
    ['xguest-1@ims.example', 3_600],
    ['guest-1@ims.example.org', 3_600],
  ] as const)('[X.5.2.1 b] [X.5.2.2-3 a] decides Texp of %s: %s seconds', (impi, seconds) => {
    expect(findLifetime(rulesOf(text), impi, 3_600)).toBe(seconds);
  });

  it('[X.5.2.1 b] takes the first rule that fits', () => {
    const rules = rulesOf('guest-*@ims.example=refused,guest-9@ims.example=900');
    expect(findLifetime(rules, 'guest-9@ims.example', 3_600)).toBeUndefined();
  });

  it.each([
    ['', 1],
    ['guest-*@ims.example', 1],
    ['guest-*@ims.example=600,', 2],
    ['guest-*@ims.example=', 1],
    ['guest-*@ims.example=0', 1],
    ['guest-*@ims.example=86401', 1],
    ['guest-*@ims.example=-5', 1],
    ['guest-*@ims.example=1e3', 1],
    ['guest-*@ims.example=never', 1],
    ['guest-*@ims.example=600=700', 1],
    ['a@ims.example=60,guest-**@ims.example=600', 2],
    ['a@ims.example=60,nobody=600', 2],
    ['a@ims.example=60,b@ims.example=60,a@ims.example=refused', 3],
  ])('[configuration] says which rule of %j is none', (bad, number) => {
    const read = parseTurnPolicy(bad);
    expect(read).toEqual({ fault: expect.stringMatching(new RegExp(`^rule ${number}: expected `, 'u')) });
  });

  it('[configuration] is bounded', () => {
    const many = Array.from({ length: 1_001 }, (_, at) => `u${at}@ims.example=60`);
    expect(parseTurnPolicy(many.join())).toEqual({ fault: 'expected at most 1000 rules' });
    expect(rulesOf(many.slice(1).join())).toHaveLength(1_000);
  });
});

describe('endpoints of revocations', () => {
  it.each([
    ['', []],
    ['https://turn.example/turn/revocations', ['https://turn.example/turn/revocations']],
    [
      ' http://127.0.0.1:1/a , http://localhost/b,http://[::1]/c',
      ['http://127.0.0.1:1/a', 'http://localhost/b', 'http://[::1]/c'],
    ],
    ['https://turn.example/a,https://turn.example/a', ['https://turn.example/a']],
  ])('[configuration] are read from %j', (text, endpoints) => {
    expect(parseRevocationEndpoints(text)).toEqual(endpoints);
  });

  it.each([
    'http://turn.example/turn/revocations',
    'http://127.0.0.1.example/a',
    'https://user:password@turn.example/a',
    'https://turn.example/#a',
    'ftp://127.0.0.1/a',
    'nonsense',
    Array.from({ length: 33 }, (_, at) => `https://turn${at}.example/`).join(),
  ])('[configuration] are none in %j', (text) => {
    expect(parseRevocationEndpoints(text)).toBeUndefined();
  });
});
