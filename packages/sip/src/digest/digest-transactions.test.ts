import { expect, it } from 'vitest';
import { createResponse } from '../messages/create-response.ts';
import { isRequest, type SipRequest, type SipResponse } from '../messages/message.ts';
import { MemoryElement } from '../testing/index.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import { createClient, DigestPeer, requestOf } from './testing/digest-peers.ts';

it.each(['TCP', 'UDP'])('[RFC 3261 22.2] a client transaction for each challenge, over %s', (transport) => {
  const element = new MemoryElement();
  const [flow, far] = element.connect(transport);
  const [peer, client] = [new DigestPeer(), createClient()];
  far.onMessage = (message) => {
    if (!isRequest(message) || message.method === 'ACK') return;
    const { statusCode, headers } = peer.answer(message);
    const fields = [...headers].map(({ key, value }) => [key, value] as const);
    far.send(createResponse(message, statusCode, { toTag: 'x', headers: fields })).catch(() => {});
  };
  const finals: SipResponse[] = [];

  const send = (request: SipRequest): void => {
    const inform = (event: ClientEvent): void => {
      if (event.type !== 'response') return;
      const { response } = event;
      const isChallenge = response.statusCode === 401 || response.statusCode === 407;
      if (isChallenge) send(client.retry(request, response));
      else client.confirm(request, response);
      if (!isChallenge) finals.push(response);
    };
    element.layer.request(request, flow, inform);
  };
  send(
    client.authorize({ ...requestOf('REGISTER'), headers: requestOf('REGISTER').headers.with('Max-Forwards', '70') }),
  );
  element.clock.advance(100_000);

  expect(finals.map(({ statusCode }) => statusCode)).toEqual([200]);
  const sent = flow.sent.filter(isRequest);
  expect(sent.map(({ headers }) => headers.first('CSeq'))).toEqual(['1 REGISTER', '2 REGISTER']);
  expect(new Set(sent.map(({ headers }) => headers.first('Via'))).size).toBe(2);
  expect(sent.map(({ headers }) => headers.count('Via'))).toEqual([1, 1]);
  expect(element.layer.size).toBe(0);
});
