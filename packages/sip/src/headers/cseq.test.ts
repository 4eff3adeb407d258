import { describe, expect, it } from 'vitest';
import { formatCSeq, parseCSeq } from './cseq.ts';

describe('CSeq', () => {
  it.each([
    { source: 'RFC 3261 20.16', value: '4711 INVITE', number: 4_711, method: 'INVITE' },
    { source: 'RFC 4475 3.1.1.1, leading zeros and spaces', value: '0009\t  INVITE', number: 9, method: 'INVITE' },
    { source: 'RFC 3261 8.1.1.5, the highest', value: '2147483647 x', number: 2_147_483_647, method: 'x' },
  ])('[RFC 3261 20.16] reads $source', ({ value, number, method }) => {
    expect(parseCSeq(value)).toEqual({ number, method });
    expect(parseCSeq(formatCSeq({ number, method }))).toEqual({ number, method });
  });

  it.each([
    {
      fault: 'RFC 4475 3.1.2.4, a number too high',
      value: '36893488147419103232 REGISTER',
      at: 0,
      expected: 'number below 2^31',
    },
    { fault: '2^31', value: '2147483648 INVITE', at: 0, expected: 'number below 2^31' },
    { fault: 'a sign', value: '-1 INVITE', at: 0, expected: 'number below 2^31' },
    { fault: 'no method', value: '1', at: 1, expected: 'whitespace' },
    { fault: 'no space', value: '1INVITE', at: 1, expected: 'whitespace' },
    { fault: 'two methods', value: '1 INVITE ACK', at: 9, expected: 'end of value' },
    { fault: 'nothing', value: '', at: 0, expected: 'number below 2^31' },
  ])('[RFC 3261 20.16] refuses $fault', ({ value, at, expected }) => {
    expect(() => parseCSeq(value)).toThrow(
      expect.objectContaining({
        code: 'ERR_SIP_HEADER_MALFORMED',
        message: `CSeq: expected ${expected} at offset ${at}`,
      }),
    );
  });

  it.each(['', 'A B', 'A\r\nVia: x'])('[RFC 3261 20.16] writes no method that is none: %j', (method) => {
    expect(() => formatCSeq({ number: 1, method })).toThrow(TypeError);
  });
});
