import { describe, expect, it } from 'vitest';
import { TransportFailed } from '../errors.ts';
import { Headers } from '../headers/headers.ts';
import { noBody, type SipResponse } from '../messages/message.ts';
import { createRequest } from '../testing/memory-element.ts';
import { retryAdvice, statusCodeOf } from './retry-advice.ts';

const request = createRequest('INVITE');
const response = (statusCode: number, ...headers: readonly (readonly [string, string])[]): SipResponse => ({
  statusCode,
  reasonPhrase: '',
  headers: Headers.of(...headers),
  body: noBody,
});

describe('retryAdvice', () => {
  it.each([
    { answer: response(413), advice: { type: 'smaller body', afterSeconds: undefined } },
    { answer: response(413, ['Retry-After', '7']), advice: { type: 'smaller body', afterSeconds: 7 } },
    {
      answer: response(415, ['Accept', 'application/sdp, text/plain'], ['Accept-Encoding', 'identity']),
      advice: {
        type: 'other body',
        accept: ['application/sdp', 'text/plain'],
        encodings: ['identity'],
        languages: [],
      },
    },
    {
      answer: response(420, ['Unsupported', 'foo, bar']),
      advice: { type: 'without extensions', tags: ['foo', 'bar'] },
    },
    { answer: response(421, ['Require', 'timer']), advice: { type: 'with extensions', tags: ['timer'] } },
    { answer: response(423, ['Min-Expires', '1800']), advice: { type: 'longer', minExpiresSeconds: 1_800 } },
    { answer: response(503, ['Retry-After', '5 (soon)']), advice: { type: 'later', afterSeconds: 5 } },
  ])('[RFC 3261 8.1.3.5] $advice.type after $answer.statusCode', ({ answer, advice }) => {
    expect(retryAdvice(request, answer)).toEqual(advice);
  });

  it.each([
    response(416),
    response(420),
    response(421),
    response(423),
    response(486),
    response(488, ['Retry-After', '5']),
    response(200),
  ])('[RFC 3261 8.1.3.5] nothing after $statusCode that leaves no hope', (answer) => {
    expect(retryAdvice(request, answer)).toBeUndefined();
  });

  it('[RFC 3261 8.1.3.5] a sip URI after 416 where it was none', () => {
    expect(retryAdvice({ ...request, requestUri: 'tel:+1555' }, response(416))).toEqual({ type: 'sip URI' });
  });

  it('[RFC 3261 20.33] reports a Retry-After out of the grammar', () => {
    expect(() => retryAdvice(request, response(503, ['Retry-After', 'soon']))).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED' }),
    );
  });
});

describe('statusCodeOf', () => {
  it('[RFC 3261 8.1.3.1] counts a timeout as 408 and a transport error as 503', () => {
    expect(statusCodeOf({ type: 'timeout' })).toBe(408);
    expect(statusCodeOf({ type: 'transport error', error: new TransportFailed('gone') })).toBe(503);
    expect(statusCodeOf({ type: 'response', response: response(486) })).toBe(486);
  });
});
