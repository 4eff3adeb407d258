import { describe, expect, it } from 'vitest';
import { StreamFramer } from '../framing/stream-framer.ts';
import { Scanner } from '../grammar/scanner.ts';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { parseNameAddr } from '../headers/name-addr.ts';
import { parseVia } from '../headers/via.ts';
import { checkMessage } from './check-message.ts';
import { defaultLimits, type MessageLimits } from './message-limits.ts';
import { parseMessage } from './parse-message.ts';

const tooLarge = (what: string): unknown =>
  expect.objectContaining({
    code: 'ERR_SIP_MESSAGE_TOO_LARGE',
    statusCode: 513,
    message: expect.stringContaining(what),
  });
const params = (count: number): string => Array.from({ length: count }, (_, at) => `;p${at}`).join('');
const octetsOf = (via: string): Uint8Array =>
  encodeUtf8(
    `OPTIONS sip:a SIP/2.0\r\nVia: ${via}\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nl: 0\r\n\r\n`,
  );

describe('MessageLimits', () => {
  it('[RFC 3261 21.5.7] has defaults', () => {
    expect(defaultLimits).toEqual({
      messageOctets: 65_536,
      headerFields: 200,
      headerFieldCharacters: 16_384,
      parameters: 64,
      nesting: 16,
    });
  });

  it.each([
    ['octets', { messageOctets: 50 }],
    ['header fields', { headerFields: 3 }],
    ['characters in a header field', { headerFieldCharacters: 10 }],
  ])('[RFC 3261 21.5.7] bounds the %s of a datagram and of a stream', (what, changed) => {
    const limits: MessageLimits = { ...defaultLimits, ...changed };
    const octets = octetsOf('SIP/2.0/TCP a');
    expect(() => parseMessage(octets, limits)).toThrow(tooLarge(what));
    expect(() => [...new StreamFramer(limits).push(octets)]).toThrow(tooLarge(what));
    expect([...new StreamFramer().push(octets)]).toHaveLength(1);
  });

  it('[RFC 3261 21.5.7] bounds the parameters of what is read', () => {
    const via = (count: number): string => `SIP/2.0/TCP a${params(count)}`;
    expect(() => parseVia(via(64))).not.toThrow();
    expect(() => parseVia(via(65))).toThrow(tooLarge('parameters'));
    expect(() => parseVia(via(3), { parameters: 2 })).toThrow(tooLarge('2 parameters'));
    expect(() => parseNameAddr(`<sip:a>${params(3)}`, 'To', { parameters: 2 })).toThrow(tooLarge('2 parameters'));
    expect(() => checkMessage(parseMessage(octetsOf(via(3))), { ...defaultLimits, parameters: 2 })).toThrow(
      tooLarge('2 parameters'),
    );
    expect(() => checkMessage(parseMessage(octetsOf(via(3))))).not.toThrow();
  });

  it('[RFC 3261 25.1] bounds comments within comments', () => {
    const comment = (depth: number): string => '('.repeat(depth) + ')'.repeat(depth);
    expect(new Scanner('Server', comment(16)).comment()).toBe(comment(16));
    expect(() => new Scanner('Server', comment(17)).comment()).toThrow(tooLarge('comments'));
    expect(() => new Scanner('Server', comment(3), { nesting: 2 }).comment()).toThrow(tooLarge('2 comments'));
  });
});
