import { beforeEach, describe, expect, it } from 'vitest';
import { TransportFailed } from '../errors.ts';
import { createResponse } from '../messages/create-response.ts';
import { createOutgoing, createRequest, MemoryElement } from '../testing/memory-element.ts';
import { MemoryFlow } from '../testing/memory-flow.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import type { ClientEvent } from './transaction-host.ts';
import { TransactionLayer } from './transaction-layer.ts';

let element: MemoryElement;
beforeEach(() => {
  element = new MemoryElement();
});

describe('flowClosed', () => {
  const gone = new TransportFailed('gone');

  it('[RFC 3261 17.1.4] fails what runs on that connection, and nothing else', () => {
    const [ours] = element.connect('TLS');
    const [other] = element.connect('TLS');
    const heard: string[] = [];
    element.layer.request(createOutgoing('OPTIONS'), ours, ({ type }) => heard.push(`options ${type}`));
    element.layer.request(createOutgoing('INVITE'), ours, ({ type }) => heard.push(`invite ${type}`));
    element.layer.request(createOutgoing('OPTIONS'), other, ({ type }) => heard.push(`other ${type}`));
    element.layer.receive(createRequest('OPTIONS', { branch: ';branch=z9hG4bK9' }), ours);
    element.layer.flowClosed(ours, gone);
    expect(heard).toEqual(['options transport error', 'invite transport error']);
    expect(element.serverEvents).toEqual([{ type: 'transport error', error: gone }]);
    expect(element.layer.size).toBe(1);
  });

  it('[RFC 6026 7.1] leaves an INVITE to its user, who still answers, and to its timers', async () => {
    const [ours] = element.connect('TLS');
    element.layer.receive(createRequest('INVITE'), ours);
    ours.close();
    element.layer.flowClosed(ours, gone);
    const [transaction] = element.transactions;
    transaction?.respond(createResponse(transaction.request, 480, { toTag: 'x' }));
    await element.clock.run(32_000);
    expect(element.serverEvents.map(({ type }) => type)).toEqual(['transport error', 'transport error', 'timeout']);
    expect([element.layer.size, element.clock.pending]).toEqual([0, 0]);
  });

  it('[RFC 3261 18] does nothing for datagrams: no socket of theirs is gone', () => {
    const [ours] = element.connect('UDP');
    const heard: ClientEvent[] = [];
    element.layer.request(createOutgoing('OPTIONS'), ours, (event) => heard.push(event));
    element.layer.flowClosed(ours, gone);
    expect([heard, element.layer.size]).toEqual([[], 1]);
  });
});

describe('a user that fails when it is told', () => {
  it('[RFC 3261 17.1] harms neither the clock, nor the flow, nor other transactions', async () => {
    const faults: unknown[] = [];
    const clock = new VirtualClock();
    const tokens = ['1', '2', '3', '4'];
    const layer = new TransactionLayer<MemoryFlow>({
      clock,
      createToken: () => tokens.pop() ?? '',
      user: { onRequest: () => {}, onAck: () => {}, onStrayResponse: () => {} },
      onInformFault: (cause, flow) => faults.push([cause, flow]),
    });
    const flows = ['UDP', 'TLS'].map((transport) => MemoryFlow.pair({ clock, transport, sentBy: 'us' }, 'them')[0]);
    const heard: string[] = [];
    const fail = ({ type }: ClientEvent): void => {
      heard.push(type);
      throw new TypeError('a fault of the user');
    };
    for (const flow of flows) {
      for (const method of ['OPTIONS', 'INVITE']) layer.request(createOutgoing(method), flow, fail);
    }
    const [udp, tls] = flows;
    if (udp === undefined || tls === undefined) throw new TypeError('expected two flows');
    layer.flowClosed(tls, new TransportFailed('gone'));
    expect(heard).toEqual(['transport error', 'transport error']);
    await clock.run(32_000);
    expect(heard.slice(2)).toEqual(['timeout', 'timeout']);
    expect(faults).toEqual([tls, tls, udp, udp].map((flow) => [expect.any(TypeError), flow]));
    expect([layer.size, clock.pending]).toEqual([0, 0]);
  });
});

describe('two elements', () => {
  it.each(['UDP', 'TLS'])('[RFC 3261 17] carry a request and a response over %s, through losses', async (transport) => {
    const [caller, callee] = [new MemoryElement(), new MemoryElement()];
    const clock = new VirtualClock();
    const layers = [caller, callee].map(
      ({ transactions, acks, strays }) =>
        new TransactionLayer<MemoryFlow>({
          clock,
          createToken: () => String(clock.now() + transactions.length),
          user: {
            onRequest: (transaction) => {
              transactions.push(transaction);
              transaction.respond(createResponse(transaction.request, 486, { toTag: 'x' }));
            },
            onAck: (ack) => acks.push(ack),
            onStrayResponse: (response) => strays.push(response),
          },
        }),
    );
    const [left, right] = MemoryFlow.pair({ clock, transport, sentBy: 'left' }, 'right');
    left.onMessage = (message) => layers[0]?.receive(message, left);
    right.onMessage = (message) => layers[1]?.receive(message, right);
    // Every other datagram is lost.
    const drop =
      (flow: MemoryFlow): (() => boolean) =>
      () =>
        transport === 'UDP' && flow.sent.length % 2 === 1;
    left.isLost = drop(left);
    right.isLost = drop(right);
    const finals: number[] = [];
    const note = (event: ClientEvent): void => {
      if (event.type === 'response') finals.push(event.response.statusCode);
    };
    layers[0]?.request(createOutgoing('INVITE'), left, note);
    await clock.run(100_000);
    expect([finals, callee.transactions.length, callee.acks, caller.strays]).toEqual([[486], 1, [], []]);
    expect([layers[0]?.size, layers[1]?.size, clock.pending]).toEqual([0, 0, 0]);
  });
});
