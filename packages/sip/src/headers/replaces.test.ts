import { expect, it } from 'vitest';
import { formatReplaces, parseReplaces } from './replaces.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Replaces',
  clause: 'RFC 3891 6.1',
  parse: parseReplaces,
  format: formatReplaces,
  wellFormed: [
    {
      source: 'RFC 3891 6.1',
      value: '98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff',
      canonical: '98732@sip.example.com;to-tag=ff87ff;from-tag=r33th4x0r',
    },
    { source: 'RFC 3891 6.1, early-only', value: '12adf2f34456gs5;to-tag=12345;from-tag=54321;early-only' },
    { source: 'RFC 3891 6.1, a peer of RFC 2543', value: '87134@171.161.34.23;to-tag=24796;from-tag=0' },
    { source: 'RFC 3261 25.1, a word of odd characters', value: '<a>:"\\[b]?{c}@d;to-tag=1;from-tag=2;x=y' },
  ],
  malformed: [
    { fault: 'no from-tag', value: 'a@b;to-tag=1', at: 3, expected: 'from-tag' },
    { fault: 'no to-tag', value: 'a@b;from-tag=1', at: 3, expected: 'to-tag' },
    { fault: 'no tags', value: 'a@b', at: 3, expected: "';'" },
    { fault: 'no Call-ID', value: ';to-tag=1;from-tag=2', at: 0, expected: 'Call-ID' },
    { fault: 'two @', value: 'a@b@c;to-tag=1;from-tag=2', at: 0, expected: 'Call-ID' },
    { fault: 'a tag twice', value: 'a;to-tag=1;to-tag=2;from-tag=3', at: 11, expected: 'each parameter once' },
    { fault: 'two values', value: 'a;to-tag=1;from-tag=2,b;to-tag=1', at: 21, expected: 'end of value' },
  ],
});

it.each([{ callId: 'a;b' }, { callId: '' }, { toTag: 'a b' }, { fromTag: '' }])(
  '[RFC 3891 6.1] writes nothing that breaks out: %j',
  (change) => {
    const value = parseReplaces('a;to-tag=1;from-tag=2');
    expect(() => formatReplaces({ ...value, ...change })).toThrow(TypeError);
  },
);
