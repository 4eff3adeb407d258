import { Headers, noBody } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { findGrantedSeconds, readContact } from './granted-contact.ts';

const flow = '+sip.instance="<urn:uuid:1>";reg-id=1';

function register(...contacts: readonly string[]) {
  const headers = Headers.of(...contacts.map((contact) => ['Contact', contact] as const));
  return { method: 'REGISTER', requestUri: 'sip:ims.example', headers, body: noBody };
}

function granted(contact: string, response: readonly string[], expires?: string): number | undefined {
  const headers = Headers.of(
    ...response.map((value) => ['Contact', value] as const),
    ...(expires === undefined ? [] : [['Expires', expires] as const]),
  );
  return findGrantedSeconds(readContact(register(contact)), {
    statusCode: 200,
    reasonPhrase: 'OK',
    headers,
    body: noBody,
  });
}

describe('contact of a REGISTER', () => {
  it.each([
    ['a flow', `<sip:a@a.invalid>;${flow}`, { instance: 'urn:uuid:1', regId: 1 }],
    ['an instance without reg-id', '<sip:a@a.invalid>;+sip.instance="<urn:uuid:1>"', undefined],
    ['neither', '<sip:a@a.invalid;transport=ws>', undefined],
  ])('[RFC 5626 4.2] names %s', (_what, contact, expected) => {
    expect(readContact(register(contact))).toMatchObject({ kind: 'one', flow: expected });
  });

  it('[RFC 3261 10.2] is absent in a query, and * for all', () => {
    expect(readContact(register())).toEqual({ kind: 'query' });
    expect(readContact(register('*'))).toEqual({ kind: 'all' });
  });

  it.each([
    [['<sip:a@a.invalid>', '<sip:b@b.invalid>'], 'ERR_EP_CSCF_REQUEST_REFUSED'],
    [['*', '<sip:b@b.invalid>'], 'ERR_EP_CSCF_REQUEST_REFUSED'],
    [['<sip:a@a.invalid>;+sip.instance="<x>";reg-id=0'], 'ERR_SIP_HEADER_MALFORMED'],
    [['<sip:a@a.invalid>;+sip.instance="<x>";reg-id=99999999999'], 'ERR_SIP_HEADER_MALFORMED'],
    [['<sip:a@a.invalid>;+sip.instance="";reg-id=1'], 'ERR_SIP_HEADER_MALFORMED'],
    [[`<sip:a@a.invalid>;+sip.instance="${'x'.repeat(200)}";reg-id=1`], 'ERR_SIP_HEADER_MALFORMED'],
    [['<http://a.invalid>'], 'ERR_SIP_HEADER_MALFORMED'],
  ])('[RFC 5626 6] is refused: %s', (contacts, code) => {
    expect(() => readContact(register(...contacts))).toThrow(expect.objectContaining({ code }));
  });
});

describe('what the registrar granted', () => {
  it.each([
    [
      'the contact of the same flow, whatever its URI',
      `<sip:a@a.invalid>;${flow}`,
      [`<sip:old@b.invalid>;${flow};expires=300`],
      300,
    ],
    ['the same URI', '<sip:a@A.invalid>', ['<sip:other@b.invalid>;expires=1', '<sip:a@a.invalid>;expires=300'], 300],
    [
      'nothing for another reg-id',
      `<sip:a@a.invalid>;${flow}`,
      [`<sip:a@a.invalid>;${flow.replace('=1', '=2')};expires=300`],
      undefined,
    ],
    [
      'nothing for another instance',
      `<sip:a@a.invalid>;${flow}`,
      ['<sip:a@a.invalid>;+sip.instance="<y>";reg-id=1;expires=300'],
      undefined,
    ],
    ['nothing where it is gone', '<sip:a@a.invalid>', [], undefined],
    ['nothing for 0 seconds', '<sip:a@a.invalid>', ['<sip:a@a.invalid>;expires=0'], undefined],
    ['an hour where no time is named', '<sip:a@a.invalid>', ['<sip:a@a.invalid>'], 3_600],
  ])('[RFC 3261 10.2.4] is %s', (_what, contact, response, seconds) => {
    expect(granted(contact, response)).toBe(seconds);
  });

  it('[RFC 3261 10.2.4] is the Expires of the response where the contact has none of its own', () => {
    expect(granted('<sip:a@a.invalid>', ['<sip:a@a.invalid>'], '120')).toBe(120);
  });
});
