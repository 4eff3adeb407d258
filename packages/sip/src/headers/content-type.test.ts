import { expect, it } from 'vitest';
import { formatContentType, parseContentType } from './content-type.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Content-Type',
  clause: 'RFC 3261 20.15',
  parse: (value) => parseContentType(value),
  format: formatContentType,
  wellFormed: [
    { source: 'RFC 3261 20.15', value: 'application/sdp' },
    {
      source: 'RFC 3261 20.15, a parameter',
      value: 'text/html; charset=ISO-8859-4',
      canonical: 'text/html;charset=ISO-8859-4',
    },
    {
      source: 'RFC 4475 3.1.1.11, a boundary',
      value: 'Multipart/Mixed;boundary="7a9cbec02ceef655"',
      canonical: 'multipart/mixed;boundary="7a9cbec02ceef655"',
    },
    { source: 'white space', value: 'application / sdp', canonical: 'application/sdp' },
    { source: 'a range of Accept', value: 'application/*;q=0.3' },
  ],
  malformed: [
    { fault: 'no subtype', value: 'application', at: 11, expected: "'/'" },
    { fault: 'an empty subtype', value: 'application/', at: 12, expected: 'media subtype' },
    { fault: 'nothing', value: '', at: 0, expected: 'media type' },
    { fault: 'a parameter twice', value: 'a/b;c=d;C=e', at: 8, expected: 'each parameter once' },
  ],
});

it.each(['', 'a', 'a/', '/b', 'a/b/c', 'a/b;c=d', 'a/b\r\nVia: x'])(
  '[RFC 3261 20.15] writes no type that is none: %j',
  (mediaType) => {
    expect(() => formatContentType({ mediaType, params: new Map() })).toThrow(TypeError);
  },
);
