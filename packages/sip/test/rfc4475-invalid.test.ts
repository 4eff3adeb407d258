import { describe, expect, it } from 'vitest';
import type { SipError } from '../src/errors.ts';
import { StreamFramer } from '../src/framing/stream-framer.ts';
import { encodeUtf8 } from '../src/grammar/utf8.ts';
import { parseContact } from '../src/headers/contact.ts';
import { parseDate } from '../src/headers/date.ts';
import { parseExpires } from '../src/headers/expires.ts';
import { parseNameAddr } from '../src/headers/name-addr.ts';
import { findNumber } from '../src/headers/number-header.ts';
import { parseRetryAfter } from '../src/headers/retry-after.ts';
import { parseWarning } from '../src/headers/warning.ts';
import { answerBroken } from '../src/messages/answer-broken.ts';
import { checkMessage } from '../src/messages/check-message.ts';
import type { SipMessage } from '../src/messages/message.ts';
import { parseMessage } from '../src/messages/parse-message.ts';
import { readVector } from './vectors.ts';

const malformed = expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED' });
const read = (name: string): SipMessage => parseMessage(readVector('rfc4475', name));
const take = (octets: Uint8Array): void => checkMessage(parseMessage(octets));

/** `by`: what refuses the message. The reason is that of the answer, undefined where a response is dropped. */
const refused = [
  {
    ...{ name: 'badinv01', clause: '3.1.2.1', by: 'check', code: 'HEADER_MALFORMED', status: 400 },
    reason: 'Malformed Via',
  },
  {
    ...{ name: 'clerr', clause: '3.1.2.2', by: 'parse', code: 'MESSAGE_MALFORMED', status: 400 },
    reason: 'Malformed Message, expected a body as long as Content-Length says',
  },
  {
    ...{ name: 'ncl', clause: '3.1.2.3', by: 'parse', code: 'HEADER_MALFORMED', status: 400 },
    reason: 'Malformed Content-Length',
  },
  {
    ...{ name: 'scalar02', clause: '3.1.2.4', by: 'check', code: 'HEADER_MALFORMED', status: 400 },
    reason: 'Malformed CSeq',
  },
  {
    ...{ name: 'scalarlg', clause: '3.1.2.5', by: 'check', code: 'HEADER_MALFORMED', status: 400 },
    reason: undefined,
  },
  {
    ...{ name: 'quotbal', clause: '3.1.2.6', by: 'check', code: 'HEADER_MALFORMED', status: 400 },
    reason: 'Malformed To',
  },
  {
    ...{ name: 'ltgtruri', clause: '3.1.2.7', by: 'parse', code: 'MESSAGE_MALFORMED', status: 400 },
    reason: 'Malformed Message, expected a URI',
  },
  {
    ...{ name: 'lwsruri', clause: '3.1.2.8', by: 'parse', code: 'MESSAGE_MALFORMED', status: 400 },
    reason: 'Malformed Message, expected SIP/2.0',
  },
  {
    ...{ name: 'lwsstart', clause: '3.1.2.9', by: 'parse', code: 'MESSAGE_MALFORMED', status: 400 },
    reason: 'Malformed Message, expected a URI',
  },
  {
    ...{ name: 'trws', clause: '3.1.2.10', by: 'parse', code: 'MESSAGE_MALFORMED', status: 400 },
    reason: 'Malformed Message, expected SIP/2.0',
  },
  {
    ...{ name: 'escruri', clause: '3.1.2.11', by: 'check', code: 'HEADER_MALFORMED', status: 400 },
    reason: 'Malformed Request-URI',
  },
  {
    ...{ name: 'badvers', clause: '3.1.2.16', by: 'parse', code: 'VERSION_NOT_SUPPORTED', status: 505 },
    reason: 'Version Not Supported',
  },
  {
    ...{ name: 'mismatch01', clause: '3.1.2.17', by: 'check', code: 'HEADER_MALFORMED', status: 400 },
    reason: 'Malformed CSeq',
  },
  {
    ...{ name: 'mismatch02', clause: '3.1.2.18', by: 'check', code: 'HEADER_MALFORMED', status: 400 },
    reason: 'Malformed CSeq',
  },
  {
    ...{ name: 'bigcode', clause: '3.1.2.19', by: 'parse', code: 'MESSAGE_MALFORMED', status: 400 },
    reason: undefined,
  },
] as const;

describe('invalid messages', () => {
  it.each(refused)('[RFC 4475 $clause] $name: $status', ({ name, by, code, status, reason }) => {
    const octets = readVector('rfc4475', name);
    const error = errorOf(() => take(octets));
    expect([error.code, error.statusCode]).toEqual([`ERR_SIP_${code}`, status]);
    if (by === 'check') expect(() => parseMessage(octets)).not.toThrow();
    const answer = answerBroken(octets, error, { toTag: '1' });
    expect(answer?.statusCode).toBe(reason === undefined ? undefined : status);
    expect(answer?.reasonPhrase).toBe(reason);
  });

  it('[RFC 4475 3.1.2.2] clerr: a stream waits for the rest', () => {
    const framer = new StreamFramer();
    const octets = readVector('rfc4475', 'clerr');
    expect([...framer.push(octets)]).toEqual([]);
    const rest = new Uint8Array(9_999 - 154);
    const [event] = [...framer.push(rest)];
    expect(event?.type === 'message' ? event.message.body.length : 0).toBe(9_999);
  });

  it('[RFC 4475 3.1.2.3] ncl: a stream has no border left', () => {
    expect(() => [...new StreamFramer().push(readVector('rfc4475', 'ncl'))]).toThrow(malformed);
  });

  it('[RFC 4475 3.1.2.4] scalar02: Max-Forwards and Expires are out of range, too', () => {
    const { headers } = read('scalar02');
    expect(findNumber(headers, 'Max-Forwards')).toBe(300);
    expect(() => parseExpires(headers.first('Expires') ?? '')).toThrow(malformed);
    // RFC 3261 20.19: a malformed expires of a Contact counts as absent.
    expect(parseContact(headers.first('Contact') ?? '').expiresSeconds).toBeUndefined();
  });

  it('[RFC 4475 3.1.2.5] scalarlg: Retry-After and Warning are out of range, too', () => {
    const { headers } = read('scalarlg');
    expect(() => parseRetryAfter(headers.first('Retry-After') ?? '')).toThrow(malformed);
    expect(() => parseWarning(headers.first('Warning') ?? '')).toThrow(malformed);
  });

  it('[RFC 4475 3.1.2.12] baddate: no zone but GMT', () => {
    const message = read('baddate');
    expect(() => checkMessage(message)).not.toThrow();
    expect(() => parseDate(message.headers.first('Date') ?? '')).toThrow(malformed);
  });

  it('[RFC 4475 3.1.2.13] regbadct: a question mark needs brackets', () => {
    const message = read('regbadct');
    expect(() => checkMessage(message)).not.toThrow();
    expect(() => parseContact(message.headers.first('Contact') ?? '')).toThrow(malformed);
  });

  it('[RFC 4475 3.1.2.14] badaspec: spaces inside the brackets are left out', () => {
    const message = read('badaspec');
    expect(() => checkMessage(message)).not.toThrow();
    expect(parseNameAddr(message.headers.first('To') ?? '', 'To')).toMatchObject({
      displayName: 'Watson, Thomas',
      uri: 'sip:t.watson@example.org',
    });
  });

  it('[RFC 4475 3.1.2.15] baddn: a comma needs quotes', () => {
    const octets = readVector('rfc4475', 'baddn');
    expect(errorOf(() => take(octets)).code).toBe('ERR_SIP_MESSAGE_MALFORMED');
    const closed = Uint8Array.from([...octets, ...encodeUtf8('\r\n')]);
    expect(errorOf(() => take(closed))).toMatchObject({ code: 'ERR_SIP_HEADER_MALFORMED', header: 'From' });
  });
});

function errorOf(run: () => void): SipError {
  try {
    run();
  } catch (error) {
    return error as SipError;
  }
  throw new Error('expected an error');
}
