import { describe, expect, it } from 'vitest';
import { areOverlapping, canonicalImpiPattern, canonicalImpuPattern, findRun, memberOf } from './identity-range.ts';

describe('Patterns of identities', () => {
  it.each([
    ['visitor-*@IMS.example', 'visitor-*@ims.example'],
    ['*@ims.example', '*@ims.example'],
    ['a*z@ims.example', 'a*z@ims.example'],
    ['visitor@ims.example', undefined],
    ['*-*@ims.example', undefined],
    ['visitor@*.example', undefined],
    ['visitor-*', undefined],
    ['visitor *@ims.example', undefined],
    [`${'x'.repeat(250)}*@ims.example`, undefined],
    ['', undefined],
  ])('[TS 23.228 U.2.1.4] of private ones have one * before the @: %s', (text, expected) => {
    expect(canonicalImpiPattern(text)).toBe(expected);
  });

  it.each([
    ['SIP:visitor-*@IMS.example', 'sip:visitor-*@ims.example'],
    ['sips:*@ims.example', 'sips:*@ims.example'],
    ['sip:visitor@ims.example', undefined],
    ['sip:*@*.example', undefined],
    ['sip:*-*@ims.example', undefined],
    ['tel:+49*', undefined],
    ['visitor-*@ims.example', undefined],
  ])('[TS 23.228 U.2.1.4] of public ones are SIP URIs: %s', (text, expected) => {
    expect(canonicalImpuPattern(text)).toBe(expected);
  });

  it.each([
    ['visitor-1@ims.example', '1'],
    ['visitor-A.b_c-9@ims.example', 'A.b_c-9'],
    [`visitor-${'9'.repeat(128)}@ims.example`, '9'.repeat(128)],
    [`visitor-${'9'.repeat(129)}@ims.example`, undefined],
    ['visitor-@ims.example', undefined],
    ['visitor-a+b@ims.example', undefined],
    ['visitor-*@ims.example', undefined],
    ['visitor-é@ims.example', undefined],
    ['visitor-1@ims.example.evil.example', undefined],
    ['visitor-1@evil.example@ims.example', undefined],
    ['Visitor-1@ims.example', undefined],
    ['visitor@ims.example', undefined],
  ])('[TS 23.228 U.2.1.4] match one run of letters, digits, dot, low line and hyphen: %s', (identity, expected) => {
    expect(findRun('visitor-*@ims.example', identity)).toBe(expected);
  });

  it('[TS 23.228 U.2.1.4] do not let the two ends share what an identity has once', () => {
    expect(findRun('aa*aa@ims.example', 'aaa@ims.example')).toBeUndefined();
    expect(findRun('aa*aa@ims.example', 'aaaaa@ims.example')).toBe('a');
  });

  it.each([
    ['visitor-*@ims.example', 'visitor-*@ims.example', true],
    ['visitor-*@ims.example', 'visitor-vip-*@ims.example', true],
    ['visitor-*@ims.example', '*-vip@ims.example', true],
    ['visitor-*@ims.example', 'guest-*@ims.example', false],
    ['visitor-*@ims.example', 'visitor-*@other.example', false],
    ['*-a@ims.example', '*-b@ims.example', false],
  ])('[TS 23.228 U.2.1.4] overlap or not, either way round: %s and %s', (one, other, expected) => {
    expect([areOverlapping(one, other), areOverlapping(other, one)]).toEqual([expected, expected]);
  });

  it.each([
    ['a..b', undefined],
    ['.a', undefined],
    ['a.', undefined],
    ['a.b-', 'a.b-@ims.example'],
  ])('[TS 23.003 13.3] make identities that are ones: %s', (run, expected) => {
    const range = { impi: '*@ims.example', impu: 'sip:*@ims.example', maxRegistered: 1 };
    const member = memberOf({ ...range, allowedWafWwsfIdentities: undefined }, run);
    expect(member?.impi).toBe(expected);
  });
});
