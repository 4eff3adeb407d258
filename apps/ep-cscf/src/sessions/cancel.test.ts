import type { SipRequest } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';
import type { WicClient } from '../testing/wic-client.ts';

let edge: Edge;
let alice: WicClient;
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.start();
  carol = await edge.register('carol');
});
beforeEach(async () => {
  edge.core.answer = (request) => edge.core.answerWell(request);
  alice = await edge.register('alice');
  edge.core.requests.length = 0;
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
  await alice.close();
});
afterAll(() => edge.stop());

const invite = { requestUri: 'sip:bob@ims.example', headers: [['To', '<sip:bob@ims.example>']] } as const;

async function atCore(method: string): Promise<SipRequest> {
  return edge.core.next((request) => request.method === method);
}

describe('CANCEL', () => {
  it('[RFC 3261 9.2] of the caller cancels the INVITE at the core', async () => {
    edge.core.answer = (request) =>
      request.method === 'INVITE'
        ? { ...edge.core.answerWell(request), statusCode: 180, reasonPhrase: 'Ringing' }
        : edge.core.answerWell(request);
    const request = alice.create('INVITE', invite);
    alice.send(request);
    await alice.responseTo(request, 180);
    const cancel = cancelOf(request);
    expect((await alice.exchange(cancel)).statusCode).toBe(200);
    expect((await atCore('CANCEL')).headers.first('Call-ID')).toBe(request.headers.first('Call-ID'));
    const held = await atCore('INVITE');
    edge.core.respond(held, { ...edge.core.answerWell(held), statusCode: 487 });
    expect((await alice.responseTo(request)).statusCode).toBe(487);
  });

  it('[RFC 3261 9.2] of somebody else cancels nothing', async () => {
    edge.core.answer = (request) =>
      request.method === 'INVITE'
        ? { ...edge.core.answerWell(request), statusCode: 180, reasonPhrase: 'Ringing' }
        : edge.core.answerWell(request);
    const request = alice.create('INVITE', invite);
    alice.send(request);
    await alice.responseTo(request, 180);
    expect((await carol.exchange(cancelOf(request))).statusCode).toBe(481);
    expect(edge.core.requests.map(({ method }) => method)).toEqual(['INVITE']);
    const held = await atCore('INVITE');
    edge.core.respond(held, { ...edge.core.answerWell(held), statusCode: 486 });
    expect((await alice.responseTo(request)).statusCode).toBe(486);
  });

  it('[RFC 3261 9.2] of another method than INVITE is answered 200 and cancels nothing; of nothing, 481', async () => {
    edge.core.answer = (request) => (request.method === 'MESSAGE' ? undefined : edge.core.answerWell(request));
    const message = alice.create('MESSAGE', invite);
    alice.send(message);
    const held = await atCore('MESSAGE');
    const cancel = (branch: string): SipRequest => {
      const headers = message.headers
        .set('CSeq', (message.headers.first('CSeq') ?? '').replace('MESSAGE', 'CANCEL'))
        .set('Via', (message.headers.first('Via') ?? '').replace('z9hG4bK', branch));
      return { ...message, method: 'CANCEL', headers };
    };
    expect((await alice.exchange(cancel('z9hG4bK'))).statusCode).toBe(200);
    alice.responses.length = 0;
    expect((await alice.exchange(cancel('z9hG4bKother'))).statusCode).toBe(481);
    expect(edge.core.requests.map(({ method }) => method)).toEqual(['MESSAGE']);
    edge.core.respond(held, edge.core.answerWell(held));
    expect((await alice.responseTo(message)).statusCode).toBe(200);
    edge.core.answer = (request) => edge.core.answerWell(request);
  });

  it('[24.229 5.2.8.1] is sent for a caller whose connection goes while it rings', async () => {
    edge.core.answer = (request) =>
      request.method === 'INVITE'
        ? { ...edge.core.answerWell(request), statusCode: 180, reasonPhrase: 'Ringing' }
        : edge.core.answerWell(request);
    const request = alice.create('INVITE', invite);
    alice.send(request);
    await alice.responseTo(request, 180);
    alice.socket.terminate();
    expect((await atCore('CANCEL')).headers.first('Call-ID')).toBe(request.headers.first('Call-ID'));
  });

  function cancelOf(invite: SipRequest): SipRequest {
    const headers = invite.headers
      .without('Contact')
      .set('CSeq', (invite.headers.first('CSeq') ?? '').replace('INVITE', 'CANCEL'));
    return { ...invite, method: 'CANCEL', headers };
  }
});
