import { Headers, noBody } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import type { ArrivedRequest } from './arrive.ts';
import { checkStranger } from './check-stranger.ts';

const arrived = (from: string, to: string, isTrusted = false): ArrivedRequest => ({
  request: {
    method: 'MESSAGE',
    requestUri: 'sip:bob@ims.example',
    headers: Headers.of(['From', from], ['To', to]),
    body: noBody,
  },
  isTrusted,
  ownRoute: undefined,
});
const bob = '<sip:bob@ims.example>';

describe('[TS 24.229 4.4] [U.1] who is outside', () => {
  it.each([
    '<sip:alice@ims.example>;tag=a',
    '"Alice" <sips:alice@IMS.Example:5060;x=y>;tag=a',
    'SIP:alice@ims.example;tag=a',
    '<sip:alice@ims.example.>;tag=a',
    '<sip:alice@region.ims.example>;tag=a',
    '<sip:ims.example>;tag=a',
  ])('[TS 24.229 4.4] may not speak as %s', (from) => {
    const check = (isTrusted: boolean) => () => checkStranger(arrived(from, bob, isTrusted), 'ims.example');
    expect(check(false)).toThrow(expect.objectContaining({ code: 'ERR_CORE_UNTRUSTED_HOME_USER', statusCode: 403 }));
    expect(check(true)).not.toThrow();
  });

  it.each([
    '<sip:alice@elsewhere.example>;tag=a',
    '<sip:alice@notims.example>;tag=a',
    '<sip:alice@ims.example.evil.example>;tag=a',
    '"sip:alice@ims.example" <sip:anonymous@anonymous.invalid>;tag=a',
    '<tel:+4930123>;tag=a',
    '<mailto:a@elsewhere.example>;tag=a',
  ])('[TS 24.229 4.4] may speak as %s', (from) => {
    expect(() => checkStranger(arrived(from, bob), 'ims.example')).not.toThrow();
  });

  it('[U.1] may not enter a dialog', () => {
    const inDialog = (isTrusted: boolean) => () =>
      checkStranger(arrived('<sip:a@elsewhere.example>;tag=a', `${bob};tag=b`, isTrusted), 'ims.example');
    expect(inDialog(false)).toThrow(expect.objectContaining({ code: 'ERR_CORE_UNTRUSTED_DIALOG', statusCode: 403 }));
    expect(inDialog(true)).not.toThrow();
  });
});
