import { expect, it } from 'vitest';
import { Headers } from '../headers/headers.ts';
import { noBody, type SipRequest } from '../messages/message.ts';
import { decrementMaxForwards } from './max-forwards.ts';

const request = (...headers: readonly (readonly [string, string])[]): SipRequest => ({
  method: 'INVITE',
  requestUri: 'sip:bob@ims.example',
  headers: Headers.of(...headers),
  body: noBody,
});

it.each([
  ['70', '69'],
  ['1', '0'],
  ['255', '254'],
])('[RFC 3261 16.6-3] Max-Forwards %s becomes %s', (before, after) => {
  expect(decrementMaxForwards(request(['Max-Forwards', before])).headers.all('Max-Forwards')).toEqual([after]);
});

it('[RFC 3261 16.6-3] Max-Forwards starts at 70 where there is none', () => {
  expect(decrementMaxForwards(request()).headers.first('Max-Forwards')).toBe('70');
});

it('[RFC 3261 16.3-3] Max-Forwards 0 goes no further', () => {
  const error = { code: 'ERR_SIP_MAX_FORWARDS_EXCEEDED', statusCode: 483 };
  expect(() => decrementMaxForwards(request(['Max-Forwards', '0']))).toThrow(expect.objectContaining(error));
});

it('[RFC 3261 20.22] Max-Forwards is a number', () => {
  const error = { code: 'ERR_SIP_HEADER_MALFORMED', statusCode: 400 };
  expect(() => decrementMaxForwards(request(['Max-Forwards', 'many']))).toThrow(expect.objectContaining(error));
});
