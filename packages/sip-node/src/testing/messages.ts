/**
 * Messages of the tests.
 *
 * @module
 */
import { isRequest, parseMessage, type SipRequest } from '@wicgate/sip';

const unlimited = { messageOctets: Infinity, headerFields: Infinity, headerFieldCharacters: Infinity };

export interface RequestParts {
  readonly method?: string;
  readonly uri?: string;
  readonly via?: string;
  readonly branch?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** A whole request as text; what is not named is as it should be. */
export function requestText({
  method = 'OPTIONS',
  uri = 'sip:test@ims.example',
  branch = 'z9hG4bKtest',
  via = `SIP/2.0/TCP 127.0.0.1;branch=${branch}`,
  headers = [],
  body = '',
}: RequestParts = {}): string {
  const lines = [
    `${method} ${uri} SIP/2.0`,
    `Via: ${via}`,
    'From: <sip:alice@ims.example>;tag=alice',
    'To: <sip:bob@ims.example>',
    `Call-ID: ${branch}`,
    `CSeq: 1 ${method}`,
    ...headers,
    `Content-Length: ${body.length}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

export function createRequest(parts: RequestParts = {}): SipRequest {
  const message = parseMessage(new TextEncoder().encode(requestText(parts)), unlimited);
  if (!isRequest(message)) throw new TypeError('expected a request');
  return { ...message, headers: message.headers.without('Via') };
}
