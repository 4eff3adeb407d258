import { Headers, noBody } from '@wicgate/sip';
import { expect, it } from 'vitest';
import { readRegisterOutcome } from './register-outcome.ts';

const asked = {
  impu: 'sip:alice@ims.example',
  contactUri: 'sip:a@b.invalid;transport=ws',
  instanceId: 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  expiresSeconds: 600,
  nowMs: 0,
};

// RFC 4320 lets no server send 408 to a REGISTER; older ones do.
const refusedWith = (reasonPhrase: string, headers = Headers.empty) =>
  readRegisterOutcome({ statusCode: 403, reasonPhrase, headers, body: noBody }, asked);

it.each([
  ['[X.3.1] [REQ 2.4]', 'Identity not granted', 'identity not granted'],
  ['[X.4.1] [REQ 3.2]', 'Identity outside the pool', 'identity outside pool'],
  [
    '[X.3.2.3-6.2] [REQ 2.1]',
    'Authorization entity or web server not allowed for this subscription',
    'third party not allowed',
  ],
  ['[X.3.2.3-6.2] [REQ 2.2]', 'authorization entity or web server barred', 'third party barred'],
])('%s 403 %s: refused, and told as %s', (_clause, reasonPhrase, detail) => {
  expect(refusedWith(reasonPhrase)).toEqual({ type: 'refused', detail });
});

it('[RFC 3261 7.2] another phrase of a 403, or the same of another answer, is a plain refusal', () => {
  expect(refusedWith('Forbidden')).toEqual({ type: 'refused' });
  const response = { statusCode: 404, reasonPhrase: 'Identity not granted', headers: Headers.empty, body: noBody };
  expect(readRegisterOutcome(response, asked)).toEqual({ type: 'refused' });
});

it.each([
  ['Bearer realm="a", error="insufficient_scope"', { type: 'refused', detail: 'token refused' }],
  ['Bearer realm="a", error="invalid_token"', { type: 'try afresh', detail: 'token refused' }],
  ['Digest realm="a", nonce="error=invalid_token"', { type: 'refused' }],
])('[RFC 6750 3.1] 403 with %s', (challenge, outcome) => {
  expect(refusedWith('Forbidden', Headers.of(['WWW-Authenticate', challenge]))).toEqual(outcome);
});

it.each([
  [408, 'try again'],
  [480, 'try again'],
  [599, 'try again'],
  [404, 'refused'],
  [603, 'refused'],
])('[RFC 3261 10.2.8] %i: %s', (statusCode, type) => {
  const response = { statusCode, reasonPhrase: '', headers: Headers.empty, body: noBody };
  expect(readRegisterOutcome(response, asked).type).toBe(type);
});
