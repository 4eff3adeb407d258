import { describe, expect, it } from 'vitest';
import { findAssertedIdentity } from './asserted-identity.ts';
import { Headers } from './headers.ts';

const read = (...values: readonly string[]) =>
  findAssertedIdentity(
    Headers.of(...values.map((value) => ['P-Asserted-Identity', value] as const)),
    'P-Asserted-Identity',
  );

describe('findAssertedIdentity', () => {
  it('[RFC 3325 9.1] finds a SIP and a tel URI, on one line or two', () => {
    const expected = {
      sip: { displayName: 'Cullen Jennings', uri: 'sip:fluffy@cisco.com' },
      tel: { uri: 'tel:+14085264000' },
    };
    expect(read('"Cullen Jennings" <sip:fluffy@cisco.com>', 'tel:+14085264000')).toMatchObject(expected);
    expect(read('tel:+14085264000, "Cullen Jennings" <sip:fluffy@cisco.com>')).toMatchObject(expected);
  });

  it('[RFC 3325 9.1] finds nothing where there is nothing', () => {
    expect(read()).toEqual({ sip: undefined, tel: undefined });
  });

  it.each([
    ['two SIP URIs', '<sip:a@b>, <sips:c@d>'],
    ['two tel URIs', '<tel:+1>, <tel:+2>'],
    ['another scheme', '<mailto:a@b>'],
  ])('[RFC 3325 9.1] refuses %s', (_, value) => {
    expect(() => read(value)).toThrow(
      expect.objectContaining({
        code: 'ERR_SIP_HEADER_MALFORMED',
        message: 'P-Asserted-Identity: expected one SIP and one tel URI at most at offset 0',
      }),
    );
  });
});
