import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { checkMessage } from '../messages/check-message.ts';
import type { SipRequest } from '../messages/message.ts';
import { answer, invitation, respondTo } from '../testing/invitation.ts';
import { createUacDialog, createUasDialog } from './create-dialog.ts';
import type { Dialog } from './dialog.ts';

const confirmed = (): Dialog => createUacDialog(invitation, answer(200));
const early = (): Dialog => createUacDialog(invitation, answer(180));

/** A request of the far end in the dialog of {@link confirmed}. */
function incoming(method: string, cseq: number, contact?: string): SipRequest {
  const request = createUasDialog(invitation, answer(200)).createRequest('INFO');
  const headers = request.headers.set('CSeq', `${cseq} ${method}`).with('Via', 'SIP/2.0/TLS b;branch=z9hG4bKx');
  return { ...request, method, headers: contact === undefined ? headers : headers.with('Contact', contact) };
}

describe('createRequest', () => {
  it('[RFC 3261 12.2.1.1] writes the fields of the dialog, and those of the caller after them', () => {
    const request = confirmed().createRequest('BYE', { headers: [['Reason', 'SIP;cause=200']], body: encodeUtf8('x') });
    expect(request).toMatchObject({ method: 'BYE', requestUri: 'sip:bob@192.0.2.4', body: encodeUtf8('x') });
    expect(request.headers.toString()).toBe(
      [
        'Max-Forwards: 70',
        'Route: <sip:p1.example;lr>',
        'Route: <sip:p2.example;lr>',
        'From: "Alice" <sip:alice@atlanta.com>;tag=alice',
        'To: Bob <sip:bob@biloxi.com>;tag=bob',
        'Call-ID: a84b4c76e66710',
        'CSeq: 314160 BYE',
        'Reason: SIP;cause=200',
        '',
      ].join('\r\n'),
    );
    checkMessage({ ...request, headers: request.headers.prepend('Via', 'SIP/2.0/WSS a;branch=z9hG4bKx') });
  });

  it('[RFC 3261 12.2.1.1] counts one up for each request, from 1 where this end has sent none', () => {
    const caller = confirmed();
    const callee = createUasDialog(invitation, answer(200));
    const cseqs = [caller, callee].map((dialog) =>
      ['INFO', 'INVITE', 'BYE'].map((method) => dialog.createRequest(method).headers.first('CSeq')),
    );
    expect(cseqs).toEqual([
      ['314160 INFO', '314161 INVITE', '314162 BYE'],
      ['1 INFO', '2 INVITE', '3 BYE'],
    ]);
    expect([caller.localSequence, callee.localSequence, callee.remoteSequence]).toEqual([314_162, 3, 314_159]);
  });

  it('[RFC 3261 12.2.1.1] has no To tag for a peer that gave none', () => {
    const response = answer(200);
    const old = { ...response, headers: response.headers.set('To', '<sip:bob@biloxi.com>') };
    expect(createUacDialog(invitation, old).createRequest('BYE').headers.first('To')).toBe('<sip:bob@biloxi.com>');
  });

  it('[RFC 3261 12.2.1.1] routes strictly where the first route does', () => {
    const request = { ...invitation, headers: invitation.headers.set('Record-Route', '<sip:p2.example>') };
    const { requestUri, headers } = createUasDialog(request, answer(200)).createRequest('BYE');
    expect([requestUri, headers.all('Route')]).toEqual([
      'sip:p2.example',
      ['<sip:alice@pc33.atlanta.com;transport=tls>'],
    ]);
  });

  it('[RFC 3261 8.1.1.5] makes nothing after number 2^31 - 1', () => {
    const headers = invitation.headers.set('CSeq', '2147483646 INVITE');
    const dialog = createUacDialog({ ...invitation, headers }, answer(200));
    expect(dialog.createRequest('INFO').headers.first('CSeq')).toBe('2147483647 INFO');
    expect(() => dialog.createRequest('INFO')).toThrow(TypeError);
  });

  it.each(['ACK', 'CANCEL'])('[RFC 3261 12.2.1.1] does not make %s', (method) => {
    const dialog = confirmed();
    expect(() => dialog.createRequest(method)).toThrow(TypeError);
    expect(dialog.localSequence).toBe(314_159);
  });
});

describe('createAck', () => {
  it('[RFC 3261 13.2.2.4] has the number and the credentials of the INVITE, and the route of the dialog', () => {
    const headers = invitation.headers
      .with('Authorization', 'Digest a="b"')
      .with('Proxy-Authorization', 'Digest c="d"');
    const dialog = confirmed();
    dialog.createRequest('INFO');
    const ack = dialog.createAck({ ...invitation, headers }, { headers: [['Content-Type', 'application/sdp']] });
    expect([ack.method, ack.requestUri, ack.headers.first('CSeq')]).toEqual(['ACK', 'sip:bob@192.0.2.4', '314159 ACK']);
    expect(ack.headers.all('Route')).toHaveLength(2);
    for (const name of ['Authorization', 'Proxy-Authorization', 'Content-Type'])
      expect(ack.headers.count(name)).toBe(1);
    expect(dialog.localSequence).toBe(314_160);
  });

  it('[RFC 3261 13.2.2.4] is found again for each repetition of its 2xx, and for no other', () => {
    const dialog = confirmed();
    expect(dialog.findAck(answer(200))).toBeUndefined();
    const ack = dialog.createAck(invitation, { body: encodeUtf8('answer') });
    expect(dialog.findAck(answer(200))).toBe(ack);
    const again = dialog.createRequest('INVITE');
    const success = respondTo(again, 200);
    expect(dialog.findAck(success)).toBeUndefined();
    const second = dialog.createAck(again);
    expect(dialog.findAck(success)).toBe(second);
    // An earlier 2xx may still be repeated; of those long gone nothing is kept.
    expect(dialog.findAck(answer(200))).toBe(ack);
    for (let count = 0; count < 3; count += 1) dialog.createAck(dialog.createRequest('INVITE'));
    expect(dialog.findAck(answer(200))).toBeUndefined();
  });
});

describe('receiveRequest', () => {
  it('[RFC 3261 12.2.2] lets the first request have any number, and later ones any higher one', () => {
    const dialog = confirmed();
    for (const cseq of [7, 8, 4_711]) dialog.receiveRequest(incoming('INFO', cseq));
    expect(dialog.remoteSequence).toBe(4_711);
  });

  it.each([
    { fault: 'a lower number', cseq: 314_158 },
    { fault: 'the same number', cseq: 314_159 },
  ])('[RFC 3261 12.2.2] refuses $fault with 500 and changes nothing', ({ cseq }) => {
    const dialog = createUasDialog(invitation, answer(200));
    const request = {
      ...invitation,
      headers: invitation.headers.set('CSeq', `${cseq} INVITE`).set('Contact', '<sip:evil@x>'),
    };
    expect(() => dialog.receiveRequest(request)).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_REQUEST_OUT_OF_ORDER', statusCode: 500 }),
    );
    expect([dialog.remoteSequence, dialog.remoteTarget]).toEqual([314_159, 'sip:alice@pc33.atlanta.com;transport=tls']);
  });

  it.each(['ACK', 'CANCEL'])('[RFC 3261 12.2.2] lets %s have the number of its INVITE', (method) => {
    const dialog = confirmed();
    dialog.receiveRequest(incoming('INVITE', 5));
    expect(() => dialog.receiveRequest(incoming(method, 5))).not.toThrow();
    expect(dialog.remoteSequence).toBe(5);
  });

  it.each([
    { method: 'INVITE', target: 'sip:new@x' },
    { method: 'UPDATE', target: 'sip:new@x' },
    { method: 'INFO', target: 'sip:bob@192.0.2.4' },
    { method: 'BYE', target: 'sip:bob@192.0.2.4' },
  ])('[RFC 3261 12.2.2] goes to $target after $method with another Contact', ({ method, target }) => {
    const dialog = confirmed();
    const routeSet = dialog.routeSet;
    dialog.receiveRequest(incoming(method, 1, '<sip:new@x>'));
    expect([dialog.remoteTarget, dialog.routeSet]).toEqual([target, routeSet]);
  });

  it('[RFC 3261 12.2.2] stays where it is after a re-INVITE without Contact', () => {
    const dialog = confirmed();
    dialog.receiveRequest(incoming('INVITE', 1));
    expect(dialog.remoteTarget).toBe('sip:bob@192.0.2.4');
  });

  it('[RFC 3261 12.2.2] refuses a broken Contact with 400 and changes nothing', () => {
    const dialog = confirmed();
    expect(() => dialog.receiveRequest(incoming('INVITE', 1, '<javascript:x>'))).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED', statusCode: 400 }),
    );
    expect([dialog.remoteSequence, dialog.remoteTarget]).toEqual([undefined, 'sip:bob@192.0.2.4']);
  });

  it('[RFC 6141 4.4] moves the target of a request that may be refused once it is accepted', () => {
    const dialog = confirmed();
    const update = incoming('UPDATE', 5, '<sip:new@x>');
    dialog.takeSequence(update);
    expect([dialog.remoteSequence, dialog.remoteTarget]).toEqual([5, 'sip:bob@192.0.2.4']);
    expect(() => dialog.takeSequence(update)).toThrow(expect.objectContaining({ statusCode: 500 }));
    dialog.refreshTarget(update);
    expect(dialog.remoteTarget).toBe('sip:new@x');
    dialog.takeSequence(incoming('BYE', 6));
    expect(dialog.state).toBe('confirmed');
  });

  it('[RFC 3261 15.1.2] ends with BYE', () => {
    const dialog = confirmed();
    dialog.receiveRequest(incoming('BYE', 1));
    expect(dialog.state).toBe('terminated');
  });
});

describe('receiveResponse', () => {
  it('[RFC 3261 13.2.2.4] confirms an early dialog and takes target and route set anew', () => {
    const dialog = early();
    const success = answer(200, 'bob', '<sip:bob@desk.example>');
    dialog.receiveResponse({
      ...success,
      headers: success.headers.set('Record-Route', '<sip:p3.example;lr>, <sip:p1.example;lr>'),
    });
    expect(dialog).toMatchObject({
      state: 'confirmed',
      remoteTarget: 'sip:bob@desk.example',
      routeSet: ['<sip:p1.example;lr>', '<sip:p3.example;lr>'],
    });
  });

  it('[RFC 3261 12.2.1.2] moves the target, but never the route set, of a confirmed dialog', () => {
    const dialog = confirmed();
    const reinvite = dialog.createRequest('INVITE');
    dialog.receiveResponse(respondTo(reinvite, 200, ['Contact', '<sip:bob@new>'], ['Record-Route', '<sip:evil;lr>']));
    expect(dialog.remoteTarget).toBe('sip:bob@new');
    expect(dialog.routeSet).toEqual(['<sip:p1.example;lr>', '<sip:p2.example;lr>']);
    dialog.receiveResponse(respondTo(dialog.createRequest('INFO'), 200, ['Contact', '<sip:evil@x>']));
    dialog.receiveResponse(respondTo(reinvite, 183, ['Contact', '<sip:evil@x>']));
    expect(dialog.remoteTarget).toBe('sip:bob@new');
  });

  it('[RFC 6141 4.3] moves the target of an early dialog with a reliable provisional response', () => {
    const dialog = early();
    const response = answer(183, 'bob', '<sip:bob@desk.example>');
    dialog.receiveResponse(response);
    expect(dialog.remoteTarget).toBe('sip:bob@192.0.2.4');
    dialog.receiveResponse({ ...response, headers: response.headers.with('RSeq', '1') });
    expect([dialog.remoteTarget, dialog.state]).toEqual(['sip:bob@desk.example', 'early']);
  });

  it.each([
    { fault: 'without Contact', contact: undefined, code: 'ERR_SIP_HEADER_MISSING' },
    { fault: 'with a broken Contact', contact: '<bob>', code: 'ERR_SIP_HEADER_MALFORMED' },
  ])('[RFC 3261 13.2.2.4] is not confirmed by a 2xx $fault', ({ contact, code }) => {
    const dialog = early();
    const { headers, ...success } = answer(200);
    const changed = contact === undefined ? headers.without('Contact') : headers.set('Contact', contact);
    expect(() => dialog.receiveResponse({ ...success, headers: changed })).toThrow(expect.objectContaining({ code }));
    expect(dialog.state).toBe('early');
  });

  it.each([
    { clause: '12.3', method: 'INVITE', statusCode: 486, dialog: early, state: 'terminated' },
    { clause: '12.3', method: 'INVITE', statusCode: 183, dialog: early, state: 'early' },
    { clause: '12.2.1.2', method: 'UPDATE', statusCode: 200, dialog: early, state: 'early' },
    { clause: '14.1', method: 'INVITE', statusCode: 488, dialog: confirmed, state: 'confirmed' },
    { clause: '14.1', method: 'INVITE', statusCode: 491, dialog: confirmed, state: 'confirmed' },
    { clause: '12.2.1.2', method: 'INVITE', statusCode: 481, dialog: confirmed, state: 'terminated' },
    { clause: '12.2.1.2', method: 'INFO', statusCode: 408, dialog: confirmed, state: 'terminated' },
    { clause: '12.2.1.2', method: 'INFO', statusCode: 500, dialog: confirmed, state: 'confirmed' },
    { clause: '15.1.1', method: 'BYE', statusCode: 200, dialog: confirmed, state: 'terminated' },
    { clause: '15.1.1', method: 'BYE', statusCode: 403, dialog: confirmed, state: 'terminated' },
  ])('[RFC 3261 $clause] $statusCode to $method leaves it $state', ({ method, statusCode, dialog, state }) => {
    const subject = dialog();
    const request = subject.createRequest(method);
    subject.receiveResponse(respondTo(request, statusCode));
    expect(subject.state).toBe(state);
  });
});

describe('confirm and terminate', () => {
  it('[RFC 3261 13.3.1.4] an early dialog of the callee is confirmed when its 2xx goes out', () => {
    const dialog = createUasDialog(invitation, answer(180));
    dialog.confirm();
    expect(dialog.state).toBe('confirmed');
  });

  it('[RFC 3261 12.3] what is over stays over', () => {
    const dialog = createUasDialog(invitation, answer(180));
    dialog.terminate();
    dialog.confirm();
    dialog.receiveResponse(answer(200));
    expect(dialog.state).toBe('terminated');
  });
});
