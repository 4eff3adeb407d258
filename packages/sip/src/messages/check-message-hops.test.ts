import { describe, expect, it } from 'vitest';
import { Headers } from '../headers/headers.ts';
import { checkMessage } from './check-message.ts';
import { noBody, type SipRequest } from './message.ts';

function request(...more: readonly (readonly [string, string])[]): SipRequest {
  const headers = Headers.of(
    ['Via', 'SIP/2.0/TCP a.example;branch=z9hG4bK1'],
    ['From', '<sip:a@example.com>;tag=1'],
    ['Call-ID', '1'],
    ['CSeq', '1 INVITE'],
    ...more,
  );
  return { method: 'INVITE', requestUri: 'sip:b@example.com', headers, body: noBody };
}

const to = ['To', '<sip:b@example.com>'] as const;

describe('checkMessage', () => {
  it.each(['Via', 'Route', 'Record-Route', 'Path'])(
    '[RFC 3261 16.3] refuses more values of %s than there are hops',
    (name) => {
      const value = name === 'Via' ? 'SIP/2.0/TCP b.example;branch=z9hG4bK2' : '<sip:c.example;lr>';
      expect(() => checkMessage(request(to, [name, Array(30).fill(value).join(', ')]))).not.toThrow();
      expect(() => checkMessage(request(to, [name, Array(71).fill(value).join(', ')]))).toThrow(
        expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED', header: name }),
      );
    },
  );

  it.each(['From', 'To'])('[RFC 3261 25.1] refuses a tag without a value in %s', (name) => {
    const message = request(to);
    const headers = message.headers.set(name, '<sip:x@example.com>;tag');
    expect(() => checkMessage({ ...message, headers })).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED', header: name }),
    );
  });
});
