import { describe, expect, it } from 'vitest';
import { Headers } from '../headers/headers.ts';
import { noBody, type SipResponse } from '../messages/message.ts';
import { bestResponse } from './best-response.ts';

const response = (statusCode: number, ...headers: readonly (readonly [string, string])[]): SipResponse => ({
  statusCode,
  reasonPhrase: '',
  headers: Headers.of(...headers),
  body: noBody,
});

describe('[RFC 3261 16.7-6] the best of several responses', () => {
  it.each([
    [[404], 404],
    [[486, 603], 603],
    [[603, 200], 603],
    [[606, 600], 600],
    [[302, 404], 302],
    [[500, 404], 404],
    [[486, 404], 404],
    [[480, 487, 408], 487],
    // A contact that is not there any more says nothing of a callee who is busy at another one.
    [[480, 486], 486],
    [[486, 408], 486],
    [[430, 486], 486],
    [[480, 404, 408], 404],
    [[480, 430, 408], 408],
    [[480, 407], 407],
    [[480, 500], 480],
    [[480, 603], 603],
    [[302, 480], 302],
    [[404, 401], 401],
    [[486, 407, 484], 407],
    [[484, 420], 420],
    [[486, 415], 415],
    [[400, 484], 484],
    [[503, 500], 500],
    [[503, 504], 504],
    [[503, 404], 404],
    [[500, 302], 302],
  ])('of %j is %i', (statusCodes, expected) => {
    expect(bestResponse(statusCodes.map((statusCode) => response(statusCode))).statusCode).toBe(expected);
  });

  it('turns a lone 503 into 500: it says nothing about this proxy', () => {
    expect(bestResponse([response(503), response(503)])).toMatchObject({
      statusCode: 500,
      reasonPhrase: 'Server Internal Error',
    });
  });

  it('is none of none', () => {
    expect(() => bestResponse([])).toThrow(TypeError);
  });
});

describe('[RFC 3261 16.7-7] challenges', () => {
  it('come together in the response that is chosen', () => {
    const { headers } = bestResponse([
      response(407, ['Proxy-Authenticate', 'Digest realm="one"']),
      response(404, ['WWW-Authenticate', 'Digest realm="no challenge"']),
      response(401, ['WWW-Authenticate', 'Digest realm="two"']),
      response(401, ['WWW-Authenticate', 'Digest realm="three"'], ['WWW-Authenticate', 'Digest realm="four"']),
    ]);
    expect(headers.all('WWW-Authenticate')).toEqual([
      'Digest realm="two"',
      'Digest realm="three"',
      'Digest realm="four"',
    ]);
    expect(headers.all('Proxy-Authenticate')).toEqual(['Digest realm="one"']);
  });

  it('stay out of other responses', () => {
    const { headers } = bestResponse([response(603), response(401, ['WWW-Authenticate', 'Digest realm="one"'])]);
    expect(headers.has('WWW-Authenticate')).toBe(false);
  });
});
