import { Headers, noBody, type SipRequest } from '@wicgate/sip';
import { expect, it } from 'vitest';
import { readImpi } from './private-identity.ts';

const register = (...authorization: readonly string[]): SipRequest => ({
  method: 'REGISTER',
  requestUri: 'sip:ims.example',
  headers: Headers.of(...authorization.map((value) => ['Authorization', value] as const)),
  body: noBody,
});

it.each([
  ['sip:dora@ims.example', 'dora@ims.example'],
  ['sip:dora@ims.example:5060;user=phone?subject=x', 'dora@ims.example'],
  ['sips:dora@ims.example', 'dora@ims.example'],
  ['sip:ims.example', 'ims.example'],
  ['tel:+49301234', '+49301234'],
])('[N.2.1.1] [TS 24.229 5.4.1.2.1] without credentials %s becomes %s', (impu, impi) => {
  expect(readImpi(register(), impu)).toBe(impi);
  expect(readImpi(register('Basic username="x"'), impu)).toBe(impi);
});

it.each([
  [['Digest username="Dora@IMS.Example",realm="x"'], 'Dora@ims.example'],
  [['Digest realm="x"'], ''],
  [['Digest username="a@x"', 'Digest username="b@x",integrity-protected="tls-yes"'], 'b@x'],
])('[TS 23.003 13.3] of %j: %s', (authorization, impi) => {
  expect(readImpi(register(...authorization), 'sip:other@ims.example')).toBe(impi);
});
