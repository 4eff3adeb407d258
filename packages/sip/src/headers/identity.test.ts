import { expect, it } from 'vitest';
import { formatIdentity, parseIdentity } from './identity.ts';
import { testHeader } from './testing/header-table.ts';

const info = 'info=<https://biloxi.example.org/biloxi.cer>';

testHeader({
  name: 'Identity',
  clause: 'RFC 8224 4',
  parse: parseIdentity,
  format: formatIdentity,
  wellFormed: [
    { source: 'the full form', value: `eyJhbGciOiJFUzI1NiJ9.eyJpYXQiOjF9.c2lnbmF0dXJl;${info};alg=ES256;ppt=shaken` },
    { source: 'RFC 8224 4.1, the compact form', value: `..sv5CTo05KqpSmtHt3dcEiO;${info}` },
    {
      source: 'white space',
      value: `a.b.c ; info = <https://a.example/> ; Alg=ES256`,
      canonical: 'a.b.c;info=<https://a.example/>;alg=ES256',
    },
  ],
  malformed: [
    { fault: 'two parts', value: `a.b;${info}`, at: 0, expected: 'PASSporT' },
    { fault: 'a header without a payload', value: `a..c;${info}`, at: 0, expected: 'PASSporT' },
    { fault: 'RFC 4474, a signature in quotes', value: `"sv5CTo05Kqp";${info}`, at: 0, expected: 'PASSporT' },
    { fault: 'no info', value: 'a.b.c', at: 5, expected: "';'" },
    { fault: 'another parameter first', value: 'a.b.c;alg=ES256', at: 6, expected: 'info' },
    { fault: 'info without brackets', value: 'a.b.c;info=https://a.example/', at: 11, expected: "'<'" },
    { fault: 'a relative URI', value: 'a.b.c;info=<biloxi.cer>', at: 12, expected: 'absolute URI' },
  ],
});

it('[RFC 8224 4] writes nothing that breaks out', () => {
  const params = new Map<string, string>();
  expect(() => formatIdentity({ passport: 'a.b.c;x', info: 'https://a', params })).toThrow(TypeError);
  expect(() => formatIdentity({ passport: 'a.b.c', info: 'https://a>;x', params })).toThrow(TypeError);
});
