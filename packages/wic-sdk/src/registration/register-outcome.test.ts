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
