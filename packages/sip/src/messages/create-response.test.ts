import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { exampleOctets, invitationExamples } from '../testing/rfc3261-examples.ts';
import { createResponse } from './create-response.ts';
import type { SipRequest } from './message.ts';
import { parseMessage } from './parse-message.ts';

const [, , , , f5 = { source: '', lines: [] }] = invitationExamples;
const invite = parseMessage(exampleOctets(f5)) as SipRequest;

describe('createResponse', () => {
  it('[RFC 3261 8.2.6.2] copies Via, From, To, Call-ID and CSeq, in order', () => {
    const response = createResponse(invite, 180, { toTag: 'a6c85cf', headers: [['Contact', '<sip:bob@192.0.2.4>']] });
    expect(response).toMatchObject({ statusCode: 180, reasonPhrase: 'Ringing' });
    expect(response.headers.all('Via')).toEqual(invite.headers.all('Via'));
    for (const name of ['From', 'Call-ID', 'CSeq'])
      expect(response.headers.first(name)).toBe(invite.headers.first(name));
    expect(response.headers.first('To')).toBe('Bob <sip:bob@biloxi.com>;tag=a6c85cf');
    expect(response.headers.first('Contact')).toBe('<sip:bob@192.0.2.4>');
    expect(response.headers.has('Max-Forwards')).toBe(false);
  });

  it.each([
    ['keeps a tag that is there', '<sip:b@c>;tag=1', 'x', '<sip:b@c>;tag=1'],
    ['adds one after other parameters', '<sip:b@c;tag=no>;q=1', 'x', '<sip:b@c;tag=no>;q=1;tag=x'],
    ['adds one to a bare URI', 'sip:b@c', 'x', 'sip:b@c;tag=x'],
    ['adds none to 100', 'sip:b@c', undefined, 'sip:b@c'],
  ])('[RFC 3261 8.2.6.2] %s', (_, to, toTag, expected) => {
    const request = { ...invite, headers: invite.headers.set('To', to) };
    const options = toTag === undefined ? {} : { toTag };
    expect(createResponse(request, 200, options).headers.first('To')).toBe(expected);
  });

  it('[RFC 3261 7.3.3] copies header fields as they are written, compact forms too', () => {
    const text =
      'BYE sip:a SIP/2.0\r\nv: SIP/2.0/TCP a\r\nf: <sip:a>;tag=1\r\nt: <sip:b>\r\ni: 1\r\nCSeq: 1 BYE\r\n\r\n';
    const request = parseMessage(encodeUtf8(text)) as SipRequest;
    expect(createResponse(request, 200).headers.toString()).toBe(
      'v: SIP/2.0/TCP a\r\nf: <sip:a>;tag=1\r\nt: <sip:b>\r\ni: 1\r\nCSeq: 1 BYE\r\n',
    );
  });

  it.each(['constructor', '__proto__', 'valueOf'])('[RFC 3261 8.2.6.2] copies no %s', (name) => {
    const request = { ...invite, headers: invite.headers.with(name, 'x') };
    expect(createResponse(request, 200).headers.has(name)).toBe(false);
  });

  it.each([
    [486, 'Busy Here'],
    [499, 'Bad Request'],
    [299, 'OK'],
    [699, 'Busy Everywhere'],
  ])('[RFC 3261 8.1.3.2] knows a phrase for %d', (statusCode, phrase) => {
    expect(createResponse(invite, statusCode).reasonPhrase).toBe(phrase);
  });

  it.each([99, 700, 99_999, -200, 200.5, Number.NaN, Number.POSITIVE_INFINITY])(
    '[RFC 3261 7.2] refuses the status code %d',
    (statusCode) => {
      expect(() => createResponse(invite, statusCode)).toThrow(TypeError);
    },
  );

  it.each(['', 'a b', 'a;b', 'a\r\nVia: x', '"a"', 'ä'])('[RFC 3261 19.3] refuses the tag %j', (toTag) => {
    expect(() => createResponse(invite, 200, { toTag })).toThrow(TypeError);
  });
});
