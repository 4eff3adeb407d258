import { beforeEach, describe, expect, it } from 'vitest';
import type { Headers } from '../headers/headers.ts';
import { parseVia } from '../headers/via.ts';
import { createResponse } from '../messages/create-response.ts';
import { isRequest, noBody, type SipRequest } from '../messages/message.ts';
import { createOutgoing, createRequest, MemoryElement, namesOf } from '../testing/memory-element.ts';
import type { MemoryFlow } from '../testing/memory-flow.ts';
import type { ClientEvent } from './transaction-host.ts';

let element: MemoryElement;

function sentCancel({ sent }: MemoryFlow): SipRequest {
  const cancel = sent.filter(isRequest).find(({ method }) => method === 'CANCEL');
  if (cancel === undefined) throw new TypeError('expected a CANCEL');
  return cancel;
}

beforeEach(() => {
  element = new MemoryElement();
});

describe('TransactionLayer, client side', () => {
  const events: ClientEvent[] = [];
  const inform = (event: ClientEvent): void => void events.push(event);
  beforeEach(() => {
    events.length = 0;
  });

  it('[RFC 3261 8.1.1.7] puts a Via of its own on top, with a fresh branch', () => {
    const [ours] = element.connect('TLS');
    const forwarded = createRequest('OPTIONS');
    const first = element.layer.request(forwarded, ours, inform, [['alias', '']]);
    const second = element.layer.request(forwarded, ours, inform);
    const vias = [first, second].map(({ request }) => request.headers.all('Via'));
    expect(vias[0]).toEqual([
      'SIP/2.0/TLS us.example:5061;alias;branch=z9hG4bKtoken1',
      'SIP/2.0/TCP them.example;branch=z9hG4bK1',
    ]);
    expect(parseVia(vias[1]?.[0] ?? '').params.get('branch')).toBe('z9hG4bKtoken2');
  });

  it('[RFC 3261 17.1.3] hands responses to the transaction of their branch and method', () => {
    const [ours] = element.connect('TCP');
    const { request } = element.layer.request(createOutgoing('OPTIONS'), ours, inform);
    element.layer.receive(createResponse(request, 200, { toTag: 'x' }), ours);
    expect(events).toEqual([{ type: 'response', response: expect.objectContaining({ statusCode: 200 }) }]);
    element.clock.advance(0);
    expect([element.layer.size, element.clock.pending, element.strays]).toEqual([0, 0, []]);
  });

  it.each([
    {
      difference: 'another branch',
      change: (headers: Headers) => headers.set('Via', 'SIP/2.0/TCP us.example;branch=z9hG4bKx'),
    },
    { difference: 'no branch', change: (headers: Headers) => headers.set('Via', 'SIP/2.0/TCP us.example') },
    {
      difference: 'another sent-by (18.1.2)',
      change: (headers: Headers) => headers.set('Via', 'SIP/2.0/TCP others.example:5061;branch=z9hG4bKtoken1'),
    },
    { difference: 'another method', change: (headers: Headers) => headers.set('CSeq', '1 CANCEL') },
  ])('[RFC 3261 17.1.3] finds no transaction for a response with $difference', ({ change }) => {
    const [ours] = element.connect('TCP');
    const { request } = element.layer.request(createOutgoing('OPTIONS'), ours, inform);
    const response = createResponse(request, 200, { toTag: 'x' });
    element.layer.receive({ ...response, headers: change(response.headers) }, ours);
    expect([events, element.strays.length]).toEqual([[], 1]);
  });

  it('[RFC 3261 26.1] takes no response from another connection, though it knows the branch', () => {
    const [ours] = element.connect('TLS');
    const [attacker] = element.connect('WSS');
    const { request } = element.layer.request(createOutgoing('INVITE'), ours, inform);
    element.layer.receive(createResponse(request, 200, { toTag: 'x' }), attacker);
    expect([events, element.strays.length]).toEqual([[], 1]);
  });

  it('[RFC 3261 18.1.2] compares sent-by without regard to case', () => {
    const [ours] = element.connect('TCP');
    const { request } = element.layer.request(createOutgoing('OPTIONS'), ours, inform);
    const response = createResponse(request, 200, { toTag: 'x' });
    const via = 'SIP/2.0/TCP US.Example:5061;branch=z9hG4bKtoken1';
    element.layer.receive({ ...response, headers: response.headers.set('Via', via) }, ours);
    expect(events).toHaveLength(1);
  });

  it('[RFC 3261 18.1.2] takes a datagram from wherever it comes', () => {
    const [ours] = element.connect('UDP');
    const [other] = element.connect('UDP');
    const { request } = element.layer.request(createOutgoing('OPTIONS'), ours, inform);
    element.layer.receive(createResponse(request, 200, { toTag: 'x' }), other);
    expect(events).toHaveLength(1);
  });

  it('[RFC 3261 9.1] cancels with the branch, Route, From, To, Call-ID and number of the INVITE', async () => {
    const [ours] = element.connect('TCP');
    const request = createOutgoing('INVITE');
    const odd = [
      ['Route', '<sip:p;lr>'],
      ['Require', '100rel'],
      ['constructor', 'x'],
      ['__proto__', 'y'],
    ] as const;
    const invite = element.layer.request(
      { ...request, headers: odd.reduce((all, [name, value]) => all.with(name, value), request.headers) },
      ours,
      inform,
    );
    element.layer.receive(createResponse(invite.request, 180, { toTag: 'x' }), ours);
    element.layer.cancel(invite, inform, 'SIP;cause=200');
    const cancel = sentCancel(ours);
    expect(cancel.requestUri).toBe(invite.request.requestUri);
    expect(cancel.body).toEqual(noBody);
    expect(new Set(cancel.headers.toString().trimEnd().split('\r\n'))).toEqual(
      new Set([
        'CSeq: 1 CANCEL',
        'Call-ID: call',
        'From: <sip:a@b>;tag=1',
        'Max-Forwards: 70',
        'Reason: SIP;cause=200',
        'Route: <sip:p;lr>',
        'To: <sip:b@c>',
        'Via: SIP/2.0/TCP us.example:5061;branch=z9hG4bKtoken1',
      ]),
    );
    await element.clock.run(0);
    expect(namesOf(ours.sent)).toEqual(['INVITE', 'CANCEL']);
  });

  it('[RFC 3261 9.1] sends one CANCEL, however often it is asked to, and keeps both answers apart', () => {
    const [ours] = element.connect('TCP');
    const invite = element.layer.request(createOutgoing('INVITE'), ours, inform);
    const cancelEvents: ClientEvent[] = [];
    element.layer.cancel(invite, (event) => cancelEvents.push(event));
    expect(namesOf(ours.sent)).toEqual(['INVITE']);
    element.layer.receive(createResponse(invite.request, 100), ours);
    element.layer.cancel(invite, inform);
    element.layer.receive(createResponse(sentCancel(ours), 200, { toTag: 'x' }), ours);
    element.layer.receive(createResponse(invite.request, 487, { toTag: 'x' }), ours);
    element.layer.cancel(invite, inform);
    expect(namesOf(ours.sent)).toEqual(['INVITE', 'CANCEL', 'ACK']);
    expect(cancelEvents).toMatchObject([{ response: { statusCode: 200 } }]);
    expect(events).toMatchObject([{ response: { statusCode: 100 } }, { response: { statusCode: 487 } }]);
    element.clock.advance(0);
    expect([element.layer.size, element.clock.pending]).toEqual([0, 0]);
  });

  it('[RFC 3261 9.1] repeats a CANCEL over UDP, and tells of a timeout when neither is answered', () => {
    const [ours] = element.connect('UDP');
    const invite = element.layer.request(createOutgoing('INVITE'), ours, inform);
    element.layer.receive(createResponse(invite.request, 180, { toTag: 'x' }), ours);
    element.layer.cancel(invite);
    element.clock.advance(32_000);
    expect(namesOf(ours.sent).filter((name) => name === 'CANCEL')).toHaveLength(11);
    expect(events.at(-1)).toEqual({ type: 'timeout' });
    expect([element.layer.size, element.clock.pending]).toEqual([0, 0]);
  });

  it('[RFC 3261 9.1] a 200 that crosses the CANCEL is told as any other', () => {
    const [ours] = element.connect('TCP');
    const invite = element.layer.request(createOutgoing('INVITE'), ours, inform);
    element.layer.receive(createResponse(invite.request, 180, { toTag: 'x' }), ours);
    element.layer.cancel(invite);
    element.layer.receive(createResponse(invite.request, 200, { toTag: 'x' }), ours);
    element.layer.receive(createResponse(sentCancel(ours), 481, { toTag: 'x' }), ours);
    expect(events.at(-1)).toMatchObject({ response: { statusCode: 200 } });
    element.clock.advance(32_000);
    expect([element.layer.size, element.clock.pending]).toEqual([0, 0]);
  });

  it('[RFC 3261 9.1] refuses to cancel another method, or what is no transaction of its own', () => {
    const [ours] = element.connect('TCP');
    const options = element.layer.request(createOutgoing('OPTIONS'), ours, inform);
    expect(() => element.layer.cancel(options)).toThrow(TypeError);
    expect(() => element.layer.cancel({ request: createOutgoing('INVITE'), flow: ours })).toThrow(TypeError);
    expect(namesOf(ours.sent)).toEqual(['OPTIONS']);
  });

  it('[RFC 3261 16.6-8] ends a branch as it is told to', () => {
    const [ours] = element.connect('TCP');
    const { request } = element.layer.request(createOutgoing('OPTIONS'), ours, inform, [], '.end');
    expect(parseVia(request.headers.first('Via') ?? '').params.get('branch')).toBe('z9hG4bKtoken1.end');
    element.layer.receive(createResponse(request, 200, { toTag: 'x' }), ours);
    expect(events).toHaveLength(1);
  });

  it('[RFC 6026 7.2] hands every 2xx of every fork to the user, for 64*T1', () => {
    const [ours] = element.connect('TCP');
    const { request } = element.layer.request(createOutgoing('INVITE'), ours, inform);
    for (const toTag of ['x', 'y', 'x']) element.layer.receive(createResponse(request, 200, { toTag }), ours);
    expect(events).toHaveLength(3);
    element.clock.advance(32_000);
    element.layer.receive(createResponse(request, 200, { toTag: 'z' }), ours);
    expect([events.length, element.strays.length, element.layer.size]).toEqual([3, 1, 0]);
  });

  it('[RFC 3261 13.2.2.4] sends an ACK for a 2xx with a branch of its own and no transaction', async () => {
    const [ours] = element.connect('TCP');
    element.layer.sendAck(createOutgoing('ACK'), ours);
    ours.close();
    element.layer.sendAck(createOutgoing('ACK'), ours);
    await element.clock.run(0);
    expect([namesOf(ours.sent), element.layer.size]).toEqual([['ACK'], 0]);
    expect(ours.sent[0]?.headers.first('Via')).toContain('branch=z9hG4bKtoken1');
  });

  it('[RFC 3261 13.2.2.4] sends the same ACK with the same branch again, for a copy of the 2xx', () => {
    const [ours] = element.connect('UDP');
    const ack = createOutgoing('ACK');
    for (const each of [ack, ack, createOutgoing('ACK')]) element.layer.sendAck(each, ours);
    const [first, second, other] = ours.sent.map(({ headers }) => headers.first('Via'));
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  it('[RFC 3261 17.1] refuses to wait for the answer to an ACK', () => {
    const [ours] = element.connect('TCP');
    expect(() => element.layer.request(createOutgoing('ACK'), ours, inform)).toThrow(TypeError);
  });
});
