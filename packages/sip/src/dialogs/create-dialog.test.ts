import { describe, expect, it } from 'vitest';
import type { SipMessage } from '../messages/message.ts';
import { answer, invitation } from '../testing/invitation.ts';
import { createNotifiedDialog, createUacDialog, createUasDialog } from './create-dialog.ts';
import { createDialogResponse } from './create-dialog-response.ts';

function withHeader<M extends SipMessage>(message: M, name: string, value: string | undefined): M {
  const { headers } = message;
  return { ...message, headers: value === undefined ? headers.without(name) : headers.set(name, value) };
}

const sips = { ...invitation, requestUri: 'SIPS:bob@192.0.2.4' };

describe('createDialogResponse', () => {
  it('[RFC 3261 12.1.1] copies Record-Route in order and adds Contact', () => {
    const headers = [['Allow', 'INVITE']] as const;
    const response = createDialogResponse(invitation, 180, { toTag: 'bob', contact: '<sip:bob@192.0.2.4>', headers });
    expect(response.headers.all('Record-Route')).toEqual(['<sip:p2.example;lr>', '<sip:p1.example;lr>']);
    expect(response.headers.first('Contact')).toBe('<sip:bob@192.0.2.4>');
    expect(response.headers.first('Allow')).toBe('INVITE');
    expect(response.headers.first('To')).toBe('Bob <sip:bob@biloxi.com>;tag=bob');
  });
});

describe('createUacDialog', () => {
  it.each([
    { statusCode: 101, state: 'early' },
    { statusCode: 180, state: 'early' },
    { statusCode: 200, state: 'confirmed' },
    { statusCode: 299, state: 'confirmed' },
  ])('[RFC 3261 12.1.2] is $state after $statusCode', ({ statusCode, state }) => {
    const dialog = createUacDialog(invitation, answer(statusCode));
    expect(dialog).toMatchObject({
      state,
      id: { callId: 'a84b4c76e66710', localTag: 'alice', remoteTag: 'bob' },
      localUri: 'sip:alice@atlanta.com',
      remoteUri: 'sip:bob@biloxi.com',
      remoteTarget: 'sip:bob@192.0.2.4',
      routeSet: ['<sip:p1.example;lr>', '<sip:p2.example;lr>'],
      localSequence: 314_159,
      remoteSequence: undefined,
      secure: false,
      ownsCallId: true,
    });
  });

  it('[RFC 3261 12.1.2] is secure when the request went to a SIPS URI', () => {
    expect(createUacDialog(sips, answer(200)).secure).toBe(true);
  });

  it('[RFC 3261 12.1.2] takes a 2xx without To tag, as of RFC 2543', () => {
    const { id } = createUacDialog(invitation, withHeader(answer(200), 'To', '<sip:bob@biloxi.com>'));
    expect(id.remoteTag).toBe('');
  });

  it('[RFC 3261 13.2.2.4] starts an early dialog without Contact at the Request-URI', () => {
    const dialog = createUacDialog(invitation, withHeader(answer(180), 'Contact', undefined));
    expect(dialog.remoteTarget).toBe(invitation.requestUri);
  });

  it.each([
    { fault: '100', response: answer(100) },
    { fault: '302', response: answer(302) },
    { fault: '486', response: answer(486) },
    { fault: '180 without To tag', response: withHeader(answer(180), 'To', '<sip:bob@biloxi.com>') },
  ])('[RFC 3261 12.1] makes no dialog of $fault', ({ response }) => {
    expect(() => createUacDialog(invitation, response)).toThrow(TypeError);
    expect(() => createUasDialog(invitation, response)).toThrow(TypeError);
  });

  it.each([
    { fault: 'no Contact in a 2xx', name: 'Contact', value: undefined, code: 'ERR_SIP_HEADER_MISSING' },
    { fault: 'a Contact that is no URI', name: 'Contact', value: '*', code: 'ERR_SIP_HEADER_MALFORMED' },
    { fault: 'a Contact of another scheme', name: 'Contact', value: '<http://x>', code: 'ERR_SIP_HEADER_MALFORMED' },
    { fault: 'a broken Record-Route', name: 'Record-Route', value: '<sip:p1', code: 'ERR_SIP_HEADER_MALFORMED' },
    { fault: 'a broken To', name: 'To', value: '<sip:b', code: 'ERR_SIP_HEADER_MALFORMED' },
    { fault: '65 routes', name: 'Record-Route', value: '<sip:p;lr>,'.repeat(65), code: 'ERR_SIP_MESSAGE_TOO_LARGE' },
  ])('[RFC 3261 12.1.2] refuses $fault', ({ name, value, code }) => {
    expect(() => createUacDialog(invitation, withHeader(answer(200), name, value))).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it.each([
    { fault: 'another Call-ID', name: 'Call-ID', value: 'elsewhere' },
    { fault: 'another From tag', name: 'From', value: '<sip:alice@atlanta.com>;tag=mallory' },
  ])('[RFC 3261 12.1.2] makes no dialog of a response with $fault', ({ name, value }) => {
    expect(() => createUacDialog(invitation, withHeader(answer(200), name, value))).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_DIALOG_UNKNOWN' }),
    );
  });
});

describe('createNotifiedDialog', () => {
  const subscribe = { ...invitation, method: 'SUBSCRIBE', headers: invitation.headers.set('CSeq', '7 SUBSCRIBE') };
  const received = {
    ...createUasDialog(invitation, answer(200)).createRequest('NOTIFY'),
    requestUri: 'sip:alice@pc33.atlanta.com',
  };
  const headers = received.headers
    .without('Route')
    .with('Record-Route', '<sip:p2.example;lr>, <sip:p1.example;lr>')
    .with('Contact', '<sip:bob@192.0.2.4>');
  const notify = { ...received, headers };

  it('[RFC 6665 4.4.1] is made by a NOTIFY that comes before the 2xx', () => {
    const dialog = createNotifiedDialog(subscribe, notify);
    expect(dialog).toMatchObject({
      state: 'confirmed',
      id: { callId: 'a84b4c76e66710', localTag: 'alice', remoteTag: 'bob' },
      remoteTarget: 'sip:bob@192.0.2.4',
      routeSet: ['<sip:p2.example;lr>', '<sip:p1.example;lr>'],
      localSequence: 7,
      remoteSequence: 1,
      ownsCallId: true,
    });
    const refresh = dialog.createRequest('SUBSCRIBE');
    expect([refresh.headers.first('CSeq'), refresh.headers.first('To')]).toEqual([
      '8 SUBSCRIBE',
      'Bob <sip:bob@biloxi.com>;tag=bob',
    ]);
    expect(() => dialog.receiveRequest(notify)).toThrow(expect.objectContaining({ statusCode: 500 }));
  });

  it.each([
    { fault: 'another Call-ID', name: 'Call-ID', value: 'other' },
    { fault: 'another tag of ours', name: 'To', value: '<sip:alice@atlanta.com>;tag=other' },
    { fault: 'no tag of theirs', name: 'From', value: '<sip:bob@biloxi.com>' },
  ])('[RFC 6665 4.1.2.4] is not made by a NOTIFY with $fault', ({ name, value }) => {
    expect(() => createNotifiedDialog(subscribe, withHeader(notify, name, value))).toThrow(TypeError);
  });

  it('[RFC 6665 4.1.2.4] wants a Contact', () => {
    expect(() => createNotifiedDialog(subscribe, withHeader(notify, 'Contact', undefined))).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MISSING' }),
    );
  });
});

describe('createUasDialog', () => {
  it.each([
    { statusCode: 180, state: 'early' },
    { statusCode: 200, state: 'confirmed' },
  ])('[RFC 3261 12.1.1] is $state after $statusCode', ({ statusCode, state }) => {
    expect(createUasDialog(invitation, answer(statusCode))).toMatchObject({
      state,
      id: { callId: 'a84b4c76e66710', localTag: 'bob', remoteTag: 'alice' },
      localUri: 'sip:bob@biloxi.com',
      remoteUri: 'sip:alice@atlanta.com',
      remoteTarget: 'sip:alice@pc33.atlanta.com;transport=tls',
      routeSet: ['<sip:p2.example;lr>', '<sip:p1.example;lr>'],
      localSequence: undefined,
      remoteSequence: 314_159,
      ownsCallId: false,
    });
  });

  it('[RFC 3261 12.1.1] is secure when the request came to a SIPS URI, and takes a From without tag', () => {
    const old = withHeader(sips, 'From', '<sip:alice@atlanta.com>');
    expect(createUasDialog(old, answer(200))).toMatchObject({ secure: true, id: { remoteTag: 'alice' } });
    const response = withHeader(answer(200), 'From', '<sip:alice@atlanta.com>');
    expect(createUasDialog(old, response).id.remoteTag).toBe('');
  });

  it.each([
    { fault: 'no Contact', name: 'Contact', value: undefined, code: 'ERR_SIP_HEADER_MISSING' },
    { fault: 'a broken Contact', name: 'Contact', value: '<sip:>', code: 'ERR_SIP_HEADER_MALFORMED' },
    { fault: 'a broken Record-Route', name: 'Record-Route', value: 'p1', code: 'ERR_SIP_HEADER_MALFORMED' },
  ])('[RFC 3261 12.1.1] refuses $fault with 400', ({ name, value, code }) => {
    expect(() => createUasDialog(withHeader(invitation, name, value), answer(200))).toThrow(
      expect.objectContaining({ code, statusCode: 400 }),
    );
  });
});
