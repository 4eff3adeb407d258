import { describe, expect, it } from 'vitest';
import { splitList } from './split-list.ts';

const lists = [
  {
    source: 'RFC 3261 7.3.1, Route',
    value: '<sip:alice@atlanta.com>, <sip:bob@biloxi.com>',
    values: ['<sip:alice@atlanta.com>', '<sip:bob@biloxi.com>'],
  },
  { source: 'a comma in quotes', value: '"Bell, A" <sip:a@b>,<sip:c@d>', values: ['"Bell, A" <sip:a@b>', '<sip:c@d>'] },
  { source: 'a comma in brackets', value: '<sip:a,b@c>;q=1 , <sip:d@e>', values: ['<sip:a,b@c>;q=1', '<sip:d@e>'] },
  {
    source: 'an escaped quote',
    value: String.raw`"a\",b" <sip:a@b>, <sip:c@d>`,
    values: [String.raw`"a\",b" <sip:a@b>`, '<sip:c@d>'],
  },
  { source: 'a bracket in quotes', value: '"<" <sip:a@b>,<sip:c@d>', values: ['"<" <sip:a@b>', '<sip:c@d>'] },
  { source: 'a quote in brackets', value: '<sip:a"b@c>,<sip:d"e@f>', values: ['<sip:a"b@c>', '<sip:d"e@f>'] },
  { source: 'empty values', value: ', a,, b ,', values: ['a', 'b'] },
  { source: 'nothing', value: '', values: [] },
  { source: 'one value', value: 'timer', values: ['timer'] },
  { source: 'an open quote, which takes the rest', value: '"a, b, c', values: ['"a, b, c'] },
];

describe('splitList', () => {
  it.each(lists)('[RFC 3261 7.3.1] splits $source', ({ value, values }) => {
    expect(splitList(value)).toEqual(values);
  });
});
