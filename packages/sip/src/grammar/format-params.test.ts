import { describe, expect, it } from 'vitest';
import { formatParams } from './format-params.ts';

describe('formatParams', () => {
  it.each([
    { params: [], text: '' },
    {
      params: [
        ['a', ''],
        ['b', '1'],
        ['c', '"x;y\\\0"'],
      ] as const,
      text: ';a;b=1;c="x;y\\\0"',
    },
  ])('[RFC 3261 25.1] writes $text', ({ params, text }) => {
    expect(formatParams(new Map(params))).toBe(text);
  });

  it.each([
    { fault: 'a semicolon in a value', name: 'a', value: '1;b' },
    { fault: 'a comma in a value', name: 'a', value: '1,b' },
    { fault: 'an open quote', name: 'a', value: '"b' },
    { fault: 'a line end', name: 'a', value: '1\r\nb: c' },
    { fault: 'a line end in quotes', name: 'a', value: '"b\r\nc: d"' },
    { fault: 'an escaped line end', name: 'a', value: '"b\\\nc"' },
    { fault: 'a bare NUL in quotes', name: 'a', value: '"b\0"' },
    { fault: 'no name', name: '', value: '1' },
    { fault: 'a name that is no token', name: 'a b', value: '' },
    { fault: 'white space around a value', name: 'a', value: ' 1 ' },
  ])('[RFC 3261 25.1] refuses $fault', ({ name, value }) => {
    expect(() => formatParams(new Map([[name, value]]))).toThrow(TypeError);
  });
});
