import { expect, it } from 'vitest';
import { formatReferTo, parseReferTo } from './refer-to.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Refer-To',
  clause: 'RFC 3515 2.1',
  parse: parseReferTo,
  format: formatReferTo,
  wellFormed: [
    {
      source: 'RFC 3515 2.1, a bare URI',
      value: 'sip:alice@atlanta.example.com',
      canonical: '<sip:alice@atlanta.example.com>',
    },
    {
      source: 'RFC 3515 2.1, header fields in the URI',
      value:
        '<sip:bob@biloxi.example.net?Accept-Contact=sip:bobsdesk.biloxi.example.net&Call-ID%3D55432%40alicepc.atlanta.example.com>',
    },
    {
      source: 'RFC 3515 2.1, Replaces',
      value: '<sip:dave@denver.example.org?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994>',
    },
    { source: 'RFC 3515 2.1, a method', value: '<sip:carol@cleveland.example.org;method=SUBSCRIBE>' },
    { source: 'RFC 3515 2.1, another scheme', value: '<http://www.ietf.org>' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'URI' },
    {
      fault: 'RFC 4475 3.1.2.16, a question mark without brackets',
      value: 'sip:u@h?Route=%3Csip:x%3E',
      at: 0,
      expected: 'URI',
    },
    { fault: 'an open bracket', value: '<sip:a@b', at: 8, expected: "'>'" },
    { fault: 'two URIs', value: '<sip:a@b>, <sip:c@d>', at: 9, expected: 'end of value' },
  ],
});

it('[RFC 3515 2.1] writes nothing that breaks out', () => {
  const value = parseReferTo('<sip:a@b>');
  expect(() => formatReferTo({ ...value, uri: 'sip:a@b>;x' })).toThrow(TypeError);
  expect(() => formatReferTo({ ...value, params: new Map([['a', 'b;c']]) })).toThrow(TypeError);
});
