import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../grammar/utf8.ts';
import { Headers } from '../headers/headers.ts';
import type { SipMessage } from '../messages/message.ts';
import { findDescription } from './find-description.ts';

const message = (body: string, ...headers: readonly [string, string][]): SipMessage => ({
  statusCode: 200,
  reasonPhrase: 'OK',
  headers: Headers.of(...headers),
  body: encodeUtf8(body),
});

describe('findDescription', () => {
  it.each([
    { source: 'SDP', headers: [['Content-Type', 'application/sdp']] },
    { source: 'SDP with a parameter and in another case', headers: [['c', 'Application/SDP ; charset=utf-8']] },
    {
      source: 'SDP of a session',
      headers: [
        ['Content-Type', 'application/sdp'],
        ['Content-Disposition', 'Session;handling=optional'],
      ],
    },
  ] as const)('[RFC 3261 20.11] finds $source', ({ headers }) => {
    expect(findDescription(message('v=0', ...headers.map(([name, value]): [string, string] => [name, value])))).toEqual(
      encodeUtf8('v=0'),
    );
  });

  it.each([
    { source: 'no body', body: '', headers: [['Content-Type', 'application/sdp']] },
    { source: 'text', body: 'x', headers: [['Content-Type', 'text/plain']] },
    { source: 'no type', body: 'x', headers: [] },
    {
      source: 'RFC 3959, an early session',
      body: 'x',
      headers: [
        ['Content-Type', 'application/sdp'],
        ['Content-Disposition', 'early-session'],
      ],
    },
  ] as const)('[RFC 3261 20.11] finds none in $source', ({ body, headers }) => {
    const pairs = headers.map(([name, value]): [string, string] => [name, value]);
    expect(findDescription(message(body, ...pairs))).toBeUndefined();
  });

  it('[RFC 5621 3.1] finds it among other bodies', () => {
    const parts = [
      '--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n',
      '--b\r\nContent-Type: application/sdp\r\nContent-Disposition: session\r\n\r\nv=0\r\n',
      '--b--\r\n',
    ];
    const found = findDescription(message(parts.join(''), ['Content-Type', 'multipart/mixed;boundary=b']));
    expect(found && decodeUtf8(found)).toBe('v=0');
  });

  it('[RFC 3261 20.11] refuses a broken Content-Disposition', () => {
    const broken = message('x', ['Content-Type', 'application/sdp'], ['Content-Disposition', ';']);
    expect(() => findDescription(broken)).toThrow(expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED' }));
  });
});
