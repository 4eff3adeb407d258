import { describe, expect, it } from 'vitest';
import { IdentityPools, parsePools } from './identity-pools.ts';
import { fitsPool, overlaps, type PoolPattern, parsePoolPattern } from './pool-pattern.ts';

function pattern(text: string): PoolPattern {
  const parsed = parsePoolPattern(text);
  if (parsed === undefined) throw new TypeError('expected a pattern');
  return parsed;
}

describe('a pattern of a pool', () => {
  it.each([
    ['guest-*@ims.example', 'guest-001@ims.example', true],
    ['guest-*@ims.example', 'guest-a.b_c-d@ims.example', true],
    ['guest-*@IMS.example', 'guest-001@ims.example', true],
    ['*@pool.ims.example', 'anybody@pool.ims.example', true],
    ['g*-x@ims.example', 'g1-x@ims.example', true],
    ['guest@ims.example', 'guest@ims.example', true],
    ['guest-*@ims.example', 'guest-@ims.example', false],
    ['guest-*@ims.example', 'guest-001@ims.example.evil', false],
    ['guest-*@ims.example', 'guest-001@evil@ims.example', false],
    ['guest-*@ims.example', 'xguest-001@ims.example', false],
    ['guest-*@ims.example', 'Guest-001@ims.example', false],
    ['guest-*@ims.example', 'guest-%30@ims.example', false],
    ['a*a@ims.example', 'a@ims.example', false],
    ['guest@ims.example', 'guest1@ims.example', false],
    ['guest-1.*@ims.example', 'guest-1xy@ims.example', false],
  ])('[X.4.2.3-4 NOTE 8] %s and %s: %s', (text, impi, fits) => {
    expect(fitsPool(pattern(text), impi)).toBe(fits);
  });

  it.each([
    '',
    '*',
    'guest',
    'guest-*',
    '@ims.example',
    'guest-*@',
    'a*b*@ims.example',
    'a@*.example',
    'a b@ims.example',
    `${'a'.repeat(250)}@ims.example`,
  ])('[X.4.2.3-4 NOTE 8] is none: "%s"', (text) => expect(parsePoolPattern(text)).toBeUndefined());

  it.each([
    ['guest-*@ims.example', 'guest-0*@ims.example', true],
    ['guest-*@ims.example', 'guest-7@ims.example', true],
    ['*@ims.example', 'a*@ims.example', true],
    ['guest-*@ims.example', 'visitor-*@ims.example', false],
    ['guest-*@ims.example', 'guest-*@other.example', false],
    ['guest-1@ims.example', 'guest-2@ims.example', false],
  ])('[REQ 3.2] %s and %s may be of two WWSFs unless an identity fits both: %s', (left, right, both) => {
    expect(overlaps(pattern(left), pattern(right))).toBe(both);
    expect(overlaps(pattern(right), pattern(left))).toBe(both);
  });
});

describe('pools', () => {
  const ours = { issuer: 'https://waf', clientId: 'wwsf' };
  const pools = new IdentityPools([{ ...ours, pattern: pattern('guest-*@ims.example') }]);

  it.each([
    ['guest-1@ims.example', ours, 'own'],
    ['guest-1@ims.example', { ...ours, clientId: 'another' }, 'of another'],
    ['guest-1@ims.example', { ...ours, issuer: 'https://waf.partner' }, 'of another'],
    ['alice@ims.example', ours, 'outside'],
  ] as const)('[REQ 3.2] %s for %j is %s', (impi, owner, verdict) => {
    expect(pools.judge(impi, owner)).toBe(verdict);
  });

  it('[REQ 3.2] of two WWSFs must not overlap; those of one may', () => {
    const wide = { pattern: pattern('guest-0*@ims.example') };
    const first = { ...ours, pattern: pattern('guest-*@ims.example') };
    expect(() => new IdentityPools([first, { ...ours, clientId: 'another', ...wide }])).toThrow(TypeError);
    expect(() => new IdentityPools([first, { ...ours, ...wide }])).not.toThrow();
  });

  it.each(['', 'wwsf', 'wwsf=', '=a@b', 'wwsf=guest', 'wwsf=a*@ims.example,', 'w=x=a@b', 'a b=c@d'])(
    '[configuration] are not read from "%s"',
    (text) => expect(parsePools(text)).toBeUndefined(),
  );

  it('[configuration] are read from a list with commas', () => {
    expect(parsePools('wwsf=guest-*@ims.example, other=x@ims.example')?.map(({ clientId }) => clientId)).toEqual([
      'wwsf',
      'other',
    ]);
  });
});
