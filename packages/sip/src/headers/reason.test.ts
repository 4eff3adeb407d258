import { expect, it } from 'vitest';
import { Headers } from './headers.ts';
import { formatReason, parseReason } from './reason.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Reason',
  clause: 'RFC 3326 2',
  parse: parseReason,
  format: formatReason,
  wellFormed: [
    {
      source: 'RFC 3326 2, SIP',
      value: 'SIP ;cause=200 ;text="Call completed elsewhere"',
      canonical: 'SIP;cause=200;text="Call completed elsewhere"',
    },
    { source: 'RFC 3326 2, Q.850', value: 'Q.850;cause=16;text="Terminated"' },
    { source: 'RFC 3326 2, without cause', value: 'SIP;text="Ring \\"it\\""' },
    { source: 'an unknown protocol', value: 'preemption;cause=1;x=y' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'protocol' },
    { fault: 'words in cause', value: 'SIP;cause=x', at: 3, expected: 'a number in cause' },
    { fault: 'a cause without value', value: 'SIP;cause', at: 3, expected: 'a number in cause' },
    { fault: 'a text without value', value: 'SIP;text', at: 3, expected: 'a value in text' },
    { fault: 'an open quote', value: 'SIP;text="x', at: 9, expected: 'closing quote' },
  ],
});

it('[RFC 3326 2] comes several times, one for each protocol', () => {
  const headers = Headers.of(['Reason', 'Q.850;cause=16;text="a,b", SIP;cause=600']);
  expect(headers.all('Reason').map((value) => parseReason(value).protocol)).toEqual(['Q.850', 'SIP']);
});

it('[RFC 3326 2] writes nothing that breaks out', () => {
  const value = parseReason('SIP');
  expect(() => formatReason({ ...value, protocol: 'a b' })).toThrow(TypeError);
  expect(formatReason({ ...value, text: 'a"\r\nb' })).toBe('SIP;text="a\\"b"');
});
