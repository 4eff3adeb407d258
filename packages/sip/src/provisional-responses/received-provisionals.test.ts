import { describe, expect, it } from 'vitest';
import { createUacDialog } from '../dialogs/create-dialog.ts';
import type { SipResponse } from '../messages/message.ts';
import { answer, invitation } from '../testing/invitation.ts';
import { createPrack } from './create-prack.ts';
import { ReceivedProvisionals } from './received-provisionals.ts';

function reliable(rseq: string, cseq = '314159 INVITE'): SipResponse {
  const response = answer(183);
  return { ...response, headers: response.headers.with('Require', '100rel').with('RSeq', rseq).set('CSeq', cseq) };
}

describe('ReceivedProvisionals', () => {
  it('[RFC 3262 4] takes them in order, each once', () => {
    const order = new ReceivedProvisionals();
    expect(['7', '7', '9', '8', '9', '7'].map((rseq) => order.receive(reliable(rseq)))).toEqual([
      'next',
      'repeat',
      'gap',
      'next',
      'next',
      'repeat',
    ]);
  });

  it('[RFC 3262 4] begins anew with another INVITE', () => {
    const order = new ReceivedProvisionals();
    order.receive(reliable('7'));
    expect(order.receive(reliable('3', '314160 INVITE'))).toBe('next');
  });

  it.each([
    { source: 'no RSeq', response: { ...reliable('1'), headers: reliable('1').headers.without('RSeq') } },
    { source: 'no Require', response: { ...reliable('1'), headers: reliable('1').headers.without('Require') } },
    { source: '100', response: { ...reliable('1'), statusCode: 100 } },
  ])('[RFC 3262 4] asks for no PRACK with $source', ({ response }) => {
    expect(new ReceivedProvisionals().receive(response)).toBe('unreliable');
  });

  it.each(['0', 'x', '4294967296'])('[RFC 3262 7.1] refuses RSeq %s', (rseq) => {
    expect(() => new ReceivedProvisionals().receive(reliable(rseq))).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED' }),
    );
  });
});

describe('createPrack', () => {
  it('[RFC 3262 4] is the next request of the early dialog, and names the response', () => {
    const response = reliable('776656');
    const options = { headers: [['Content-Type', 'application/sdp']] as const, body: Uint8Array.of(1) };
    const prack = createPrack(createUacDialog(invitation, response), response, options);
    expect([prack.method, prack.requestUri, prack.body]).toEqual(['PRACK', 'sip:bob@192.0.2.4', Uint8Array.of(1)]);
    expect(['RAck', 'CSeq', 'Content-Type'].map((name) => prack.headers.first(name))).toEqual([
      '776656 314159 INVITE',
      '314160 PRACK',
      'application/sdp',
    ]);
  });
});
