import { describe, expect, it } from 'vitest';
import { createClient, DigestPeer, requestOf, sentIn } from '../digest/testing/digest-peers.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import { sendAuthorized } from './send-authorized.ts';
import { sendWithDigest } from './send-with-digest.ts';

/** A registrar that answers at once, and what the client sent and heard. */
function bench(change: (response: SipResponse) => SipResponse = (response) => response) {
  const [peer, client] = [new DigestPeer(), createClient({ requireServerProof: true })];
  const sent: SipRequest[] = [];
  const events: ClientEvent[] = [];
  const send = sendWithDigest((request, inform) => {
    sent.push(request);
    inform({ type: 'response', response: change(peer.answer(request)) });
  }, client);
  const register = (cseq: number): void =>
    sendAuthorized(
      requestOf('REGISTER', { cseq }),
      { send, authorize: (request, response) => client.retry(request, response), nextSequence: () => cseq + 1 },
      (event) => events.push(event),
    );
  return { sent, events, register };
}

const noProof = (response: SipResponse): SipResponse => ({
  ...response,
  headers: response.headers.without('Authentication-Info'),
});

describe('sendWithDigest', () => {
  it('[RFC 7616 3.6] a challenge for the first request, none for those after it', () => {
    const { sent, events, register } = bench();
    register(1);
    register(3);
    register(5);
    expect(events).toMatchObject(Array.from({ length: 3 }, () => ({ response: { statusCode: 200 } })));
    expect(sent.map(({ headers }) => headers.has('Authorization'))).toEqual([false, true, true, true]);
    expect(sent.slice(1).map((request) => sentIn(request).nonceCount)).toEqual([1, 2, 3]);
  });

  it('[RFC 7616 3.5] a 200 without the proof of the server is none', () => {
    const { events, register } = bench(noProof);
    register(1);
    expect(events).toMatchObject([{ type: 'transport error', error: { code: 'ERR_SIP_SERVER_NOT_AUTHENTICATED' } }]);
  });

  it('[RFC 3261 17.1] hands on what is no response', () => {
    const events: ClientEvent[] = [];
    const send = sendWithDigest((_, inform) => inform({ type: 'timeout' }), createClient());
    send(requestOf('REGISTER'), (event) => events.push(event));
    expect(events).toEqual([{ type: 'timeout' }]);
  });
});
