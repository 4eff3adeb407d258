import { expect, it } from 'vitest';
import { Headers } from './headers.ts';
import { formatPrivacy, isIdentityPrivate, parsePrivacy } from './privacy.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Privacy',
  clause: 'RFC 3323 4.2',
  parse: parsePrivacy,
  format: formatPrivacy,
  wellFormed: [
    { source: 'RFC 3325 9.3', value: 'id' },
    { source: 'several values', value: 'header;user;critical' },
    { source: 'white space and case', value: 'ID ; Critical', canonical: 'id;critical' },
    { source: 'a value twice', value: 'id;id', canonical: 'id' },
    { source: 'commas, which some peers write', value: 'id, critical', canonical: 'id;critical' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'privacy value' },
    { fault: 'a semicolon alone', value: 'id;', at: 3, expected: 'privacy value' },
    { fault: 'two words', value: 'id user', at: 3, expected: 'end of value' },
  ],
});

it('[RFC 3323 4.2] bounds the values', () => {
  const value = Array.from({ length: 17 }, (_, index) => `v${index}`).join(';');
  expect(() => parsePrivacy(value)).toThrow(expect.objectContaining({ code: 'ERR_SIP_MESSAGE_TOO_LARGE' }));
});

it.each([
  [[], false],
  [['none'], false],
  [['critical'], false],
  [['id'], true],
  [['none', 'user;critical'], true],
  [['header'], true],
  [['id"'], true],
])('[RFC 3325 7] of %j the identity is private: %s', (values, expected) => {
  const headers = Headers.of(...values.map((value) => ['Privacy', value] as const));
  expect(isIdentityPrivate(headers)).toBe(expected);
});

it.each(['', 'id;none', 'id\r\nVia: x', 'a b'])(
  '[RFC 3323 4.2] writes no value that brings others along: %j',
  (value) => {
    expect(() => formatPrivacy(new Set([value]))).toThrow(TypeError);
  },
);
