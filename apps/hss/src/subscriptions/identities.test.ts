import { canonicalImpu } from '@wicgate/sip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalImpi, findCanonicalImpu } from './identities.ts';

describe('Public identities', () => {
  it.each([
    ['sip:alice@ims.example', 'sip:alice@ims.example'],
    ['SIP:Alice@IMS.Example', 'sip:Alice@ims.example'],
    ['sips:alice@ims.example', 'sips:alice@ims.example'],
    ['sip:alice@ims.example:5060;transport=tcp', 'sip:alice@ims.example'],
    ['sip:%61lice@ims.example', 'sip:alice@ims.example'],
    ['sip:a%c3%a9@ims.example', 'sip:a%C3%A9@ims.example'],
    ['sip:alice%2bx@ims.example', 'sip:alice%2Bx@ims.example'],
    ['sip:alice+x@ims.example', 'sip:alice+x@ims.example'],
    ['sip:alice;day=tuesday@atlanta.example', 'sip:alice;day=tuesday@atlanta.example'],
    ['sip:+49170123@ims.example;user=phone', 'sip:+49170123@ims.example'],
    ['tel:+49-170-(123).456', 'tel:+49170123456'],
    ['tel:+49170123456;phone-context=example.com', 'tel:+49170123456'],
  ])('[TS 23.003 13.4] makes %s canonical', (text, expected) => {
    expect(findCanonicalImpu(text)).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['no scheme', 'alice@ims.example'],
    ['another scheme', 'https://ims.example/'],
    ['no user', 'sip:ims.example'],
    ['an empty user', 'sip:@ims.example'],
    ['a password', 'sip:alice:secret@ims.example'],
    ['headers', 'sip:alice@ims.example?Route=evil'],
    ['headers after parameters', 'sip:alice@ims.example;lr?Route=evil'],
    ['two hosts', 'sip:alice@ims.example@evil.example'],
    ['an escaped control character', 'sip:alice%0d%0aRoute@ims.example'],
    ['a broken escape', 'sip:al%6@ims.example'],
    ['white space', 'sip:al ice@ims.example'],
    ['a line break at the end', 'sip:alice@ims.example\n'],
    ['quotes', 'sip:"alice"@ims.example'],
    ['an empty label', 'sip:alice@ims..example'],
    ['a label of 64 characters', `sip:alice@${'a'.repeat(64)}.example`],
    ['256 characters', `sip:${'a'.repeat(240)}@ims.example`],
    ['a local number', 'tel:0170123456'],
    ['a number of 16 digits', 'tel:+1234567890123456'],
    ['letters in a number', 'tel:+49abc'],
  ])('[TS 23.003 13.4] refuses %s', (_fault, text) => {
    expect(findCanonicalImpu(text)).toBeUndefined();
  });

  it('[RFC 3261 19.1.4] writes them as the CSCFs do', () => {
    for (const text of ['sip:alice%2bx@ims.example', 'sip:a%c3%a9;x@ims.example', 'tel:+49-30'])
      expect(findCanonicalImpu(text)).toBe(canonicalImpu(text));
  });

  it('[TS 23.003 13.4] has canonical forms that stay as they are', () => {
    const base = fc.constantFrom('sip:%61lice@ims.example;lr', 'tel:+49-170', 'sips:a%c3@b.example:1');
    const mutant = fc
      .tuple(base, fc.nat(30), fc.string({ maxLength: 3 }))
      .map(([text, at, noise]) => text.slice(0, at) + noise + text.slice(at + 1));
    fc.assert(
      fc.property(mutant, (text) => {
        const canonical = findCanonicalImpu(text);
        if (canonical !== undefined) expect(findCanonicalImpu(canonical)).toBe(canonical);
      }),
    );
  });
});

describe('Private identities', () => {
  it.each([
    ['alice@ims.example', 'alice@ims.example'],
    ['Alice@IMS.Example', 'Alice@ims.example'],
    ['234150999999999@ims.mnc015.mcc234.3gppnetwork.org', '234150999999999@ims.mnc015.mcc234.3gppnetwork.org'],
    ["o'neil.x+y@ims.example", "o'neil.x+y@ims.example"],
  ])('[TS 23.003 13.3] makes %s canonical', (text, expected) => {
    expect(canonicalImpi(text)).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['no realm', 'alice'],
    ['an empty realm', 'alice@'],
    ['an empty user', '@ims.example'],
    ['dots side by side', 'a..b@ims.example'],
    ['a quotation mark', 'al"ice@ims.example'],
    ['a backslash', 'al\\ice@ims.example'],
    ['two realms', 'alice@ims.example@evil.example'],
    ['a line break', 'alice@ims.example\r\n'],
    ['256 characters', `${'a'.repeat(244)}@ims.example`],
    ['an underscore in the realm', 'alice@ims_.example'],
  ])('[TS 23.003 13.3] refuses %s', (_fault, text) => {
    expect(canonicalImpi(text)).toBeUndefined();
  });
});
