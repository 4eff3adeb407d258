import { describe, expect, it } from 'vitest';
import { Pools, poolPattern } from './pools.ts';

const pools = new Pools([
  { clientId: 'one', pool: 'guest-*@ims.example' },
  { clientId: 'two', pool: '*.visitor@ims.example' },
  { clientId: 'three', pool: undefined },
]);

describe('Pools', () => {
  it.each([
    ['one', 'guest-001@ims.example', true],
    ['one', 'guest-a.b_c-d@ims.example', true],
    ['one', 'guest-@ims.example', false],
    ['one', 'guest-0@01@ims.example', false],
    ['one', 'guest-0%30@ims.example', false],
    ['one', 'Guest-001@ims.example', false],
    ['one', 'guest-001@ims.example.evil', false],
    ['one', 'xguest-001@ims.example', false],
    ['two', 'a.visitor@ims.example', true],
    ['two', 'guest-001@ims.example', false],
    ['three', 'guest-001@ims.example', false],
    ['nobody', 'guest-001@ims.example', false],
  ])('[REQ 3.2] whether %s owns %s: %s', (clientId, impi, isOwn) => {
    expect(pools.isOwn(clientId, impi, [`sip:${impi}`])).toBe(isOwn);
  });

  it('[X.4.2.1] an IMPI of a pool has one IMPU', () => {
    const impi = 'guest-1@ims.example';
    expect(pools.isOwn('one', impi, [])).toBe(false);
    expect(pools.isOwn('one', impi, ['sip:guest-2@ims.example'])).toBe(false);
    expect(pools.isOwn('one', impi, [`sip:${impi}`, `sip:${impi}`])).toBe(false);
  });

  it.each([
    ['guest-001@ims.example', true],
    ['sip:GUEST-001@IMS.example;user=phone', true],
    ['sip:guest%2D001@ims.example', true],
    ['sip:guest-001:secret@ims.example:5061', true],
    ['sips:a.visitor@ims.example', true],
    ['tel:+15550100', false],
    ['alice@ims.example', false],
  ])('[REQ 3.2] whether %s is of any pool: %s', (identity, isPooled) => {
    expect(pools.isPooled(identity)).toBe(isPooled);
  });

  it.each([
    ['guest-*@ims.example', 'guest-1*@ims.example', true],
    ['*-a@ims.example', 'b-*@ims.example', true],
    ['guest-*@ims.example', 'visitor-*@ims.example', false],
    ['guest-*@ims.example', 'guest-*@other.example', false],
    ['*-a@ims.example', '*-b@ims.example', false],
  ])('[REQ 3.2] whether %s and %s overlap: %s', (one, other, overlap) => {
    const found = new Pools([
      { clientId: '1', pool: one },
      { clientId: '2', pool: other },
    ]).findOverlap();
    expect(found !== undefined).toBe(overlap);
  });

  it.each([
    '*@ims.example',
    'guest@ims.example',
    'guest-**@ims.example',
    '*',
    'guest-*@',
    'guest-*@Ims.example',
    'g u-*@ims.example',
  ])('[configuration] refuses the pattern %s', (pattern) => {
    expect(poolPattern.test(pattern)).toBe(false);
  });
});
