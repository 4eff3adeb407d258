import { expect, it } from 'vitest';
import { formatExtTurnCred, parseExtTurnCred } from './ext-turn-cred.ts';
import { testHeader } from './testing/header-table.ts';

const canonical = 'b7c1f0d2a9e84c61:1700003600:uFI016JFkkzP52kwsXktvk8ZXTg=';

testHeader({
  name: '3gpp-ext-turn-cred',
  clause: 'X.5.2.2-4',
  parse: parseExtTurnCred,
  format: formatExtTurnCred,
  wellFormed: [
    { source: 'colons', value: canonical },
    { source: 'semicolons', value: 'b7c1f0d2a9e84c61;1700003600;uFI016JFkkzP52kwsXktvk8ZXTg=', canonical },
    { source: 'white space', value: 'b7c1f0d2a9e84c61 : 1700003600 : uFI016JFkkzP52kwsXktvk8ZXTg= ', canonical },
  ],
  malformed: [
    { fault: 'the request value', value: 'request', at: 7, expected: "':'" },
    { fault: 'two parts', value: 'b7c1:1700003600', at: 15, expected: "':'" },
    { fault: 'four parts', value: 'b7c1:1700003600:AAAA:AAAA', at: 16, expected: 'Tpwd in base64' },
    { fault: 'the other order', value: '1700003600:b7c1:AAAA', at: 11, expected: 'Texp in seconds' },
    { fault: 'an empty password', value: 'b7c1:1700003600:', at: 16, expected: 'Tpwd in base64' },
    { fault: 'padding alone', value: 'b7c1:1700003600:====', at: 16, expected: 'Tpwd in base64' },
    { fault: 'base64 without padding', value: 'b7c1:1700003600:AAA', at: 16, expected: 'Tpwd in base64' },
    { fault: 'a long Tid', value: `${'a'.repeat(129)}:1:AAAA`, at: 0, expected: 'Tid of at most 128 characters' },
    { fault: 'nothing', value: '', at: 0, expected: 'Tid' },
  ],
});

it('[X.5.2.2-4] keeps the value out of the message', () => {
  expect(() => parseExtTurnCred('b7c1:1700003600:verysecret!!')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('verysecret') }),
  );
});

it.each([
  { fault: 'a Tid that brings a Texp along', change: { tid: 'a:1' } },
  { fault: 'a long Tid', change: { tid: 'a'.repeat(129) } },
  { fault: 'a line end', change: { password: 'AAAA\r\nVia: x' } },
  { fault: 'no base64', change: { password: 'AAA' } },
])('[X.5.2.2-4] is not written with $fault', ({ change }) => {
  expect(() => formatExtTurnCred({ ...parseExtTurnCred(canonical), ...change })).toThrow(TypeError);
});
