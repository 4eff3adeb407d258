import { expect, it } from 'vitest';
import { formatReferredBy, parseReferredBy } from './referred-by.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Referred-By',
  clause: 'RFC 3892 3',
  parse: parseReferredBy,
  format: formatReferredBy,
  wellFormed: [
    { source: 'RFC 3892 3, a bare URI', value: 'sip:r@ref.example', canonical: '<sip:r@ref.example>' },
    { source: 'RFC 3892 3, a token', value: '<sip:r@ref.example>;cid="2UWQFN309shb3@ref.example"' },
    { source: 'a name and parameters', value: '"R" <sip:r@ref.example>;x=y' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'URI' },
    { fault: 'a cid without @', value: '<sip:r@ref.example>;cid="abc"', at: 0, expected: 'a content id in cid' },
    { fault: 'an empty cid', value: '<sip:r@ref.example>;cid', at: 0, expected: 'a content id in cid' },
  ],
});

it('[RFC 3892 3] writes nothing that breaks out', () => {
  const value = parseReferredBy('<sip:r@ref.example>');
  expect(() => formatReferredBy({ ...value, contentId: 'a@b"' })).toThrow(TypeError);
  expect(() => formatReferredBy({ ...value, uri: 'sip:a\r\nb@c' })).toThrow(TypeError);
});
