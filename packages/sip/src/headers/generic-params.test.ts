import { describe, expect, it } from 'vitest';
import { formatGenericParams } from './generic-params.ts';

describe('formatGenericParams', () => {
  it.each([
    { params: [], text: '' },
    {
      params: [
        ['a', ''],
        ['b', '1'],
        ['c', '"x;y"'],
      ] as const,
      text: ';a;b=1;c="x;y"',
    },
  ])('[RFC 3261 25.1] writes $text', ({ params, text }) => {
    expect(formatGenericParams(new Map(params))).toBe(text);
  });

  it.each([
    { fault: 'a semicolon in a value', name: 'a', value: '1;b' },
    { fault: 'a comma in a value', name: 'a', value: '1,b' },
    { fault: 'an open quote', name: 'a', value: '"b' },
    { fault: 'a line end', name: 'a', value: '1\r\nb: c' },
    { fault: 'no name', name: '', value: '1' },
    { fault: 'a name that is no token', name: 'a b', value: '' },
    { fault: 'white space around a value', name: 'a', value: ' 1 ' },
  ])('[RFC 3261 25.1] refuses $fault', ({ name, value }) => {
    expect(() => formatGenericParams(new Map([[name, value]]))).toThrow(TypeError);
  });
});
