import { beforeEach, describe, expect, it } from 'vitest';
import { TransportFailed } from '../errors.ts';
import { encodeUtf8 } from '../grammar/utf8.ts';
import type { Headers } from '../headers/headers.ts';
import { parseVia } from '../headers/via.ts';
import { createResponse } from '../messages/create-response.ts';
import { isRequest, noBody, type SipMessage, type SipRequest, type SipResponse } from '../messages/message.ts';
import { parseMessage } from '../messages/parse-message.ts';
import { MemoryFlow } from '../testing/memory-flow.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import type { ClientEvent, ServerEvent } from './transaction-host.ts';
import { type ServerTransaction, TransactionLayer } from './transaction-layer.ts';

/** One element: its layer, what its user saw, and the two ends of a flow to it. */
class Element {
  readonly clock = new VirtualClock();
  readonly transactions: ServerTransaction<MemoryFlow>[] = [];
  readonly acks: SipRequest[] = [];
  readonly strays: SipResponse[] = [];
  readonly serverEvents: ServerEvent[] = [];
  readonly layer: TransactionLayer<MemoryFlow>;
  #tokens = 0;

  constructor(maxServerTransactions = 1_000) {
    this.layer = new TransactionLayer<MemoryFlow>({
      clock: this.clock,
      createToken: () => {
        this.#tokens += 1;
        return `token${this.#tokens}`;
      },
      maxServerTransactions,
      user: {
        onRequest: (transaction) => this.transactions.push(transaction),
        onAck: (ack) => this.acks.push(ack),
        onStrayResponse: (response) => this.strays.push(response),
        onServerEvent: (_, event) => this.serverEvents.push(event),
      },
    });
  }

  /** Our end first, then the far end, whose messages arrive in the layer. */
  connect(transport: string): [ours: MemoryFlow, theirs: MemoryFlow] {
    const [ours, theirs] = MemoryFlow.pair({ clock: this.clock, transport, sentBy: 'us.example:5061' }, 'them.example');
    ours.onMessage = (message) => this.layer.receive(message, ours);
    return [ours, theirs];
  }
}

interface Shape {
  readonly branch?: string;
  readonly sentBy?: string;
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number;
}

function createRequest(method: string, shape: Shape = {}): SipRequest {
  const { branch = ';branch=z9hG4bK1', sentBy = 'them.example', to = '<sip:b@c>' } = shape;
  const { from = '<sip:a@b>;tag=1', callId = 'call', cseq = 1 } = shape;
  const text = [
    `${method} sip:b@c SIP/2.0`,
    `Via: SIP/2.0/TCP ${sentBy}${branch}`,
    'Max-Forwards: 70',
    `From: ${from}`,
    `To: ${to}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
  ].join('\r\n');
  return parseMessage(encodeUtf8(`${text}\r\n\r\n`)) as SipRequest;
}

const outgoing = (method: string): SipRequest => ({
  ...createRequest(method),
  headers: createRequest(method).headers.without('Via'),
});

/** Start lines in short: methods and status codes. */
const names = (messages: readonly SipMessage[]): readonly (string | number)[] =>
  messages.map((message) => (isRequest(message) ? message.method : message.statusCode));

let element: Element;
beforeEach(() => {
  element = new Element();
});

describe('server side', () => {
  it('[RFC 3261 17.2.3] makes one transaction of a request and its repetitions', () => {
    const [ours] = element.connect('UDP');
    element.layer.receive(createRequest('OPTIONS'), ours);
    element.layer.receive(createRequest('OPTIONS'), ours);
    expect(element.transactions).toHaveLength(1);
    const [transaction] = element.transactions;
    transaction?.respond(createResponse(transaction.request, 200, { toTag: 'x' }));
    element.layer.receive(createRequest('OPTIONS'), ours);
    expect(names(ours.sent)).toEqual([200, 200]);
    expect(transaction?.response?.statusCode).toBe(200);
    element.clock.advance(32_000);
    expect([element.layer.size, element.clock.pending]).toEqual([0, 0]);
  });

  it.each([
    { difference: 'another branch', shape: { branch: ';branch=z9hG4bK2' } },
    { difference: 'another sent-by', shape: { sentBy: 'others.example' } },
    { difference: 'another port in sent-by', shape: { sentBy: 'them.example:5070' } },
  ])('[RFC 3261 17.2.3] makes another transaction for $difference', ({ shape }) => {
    const [ours] = element.connect('UDP');
    element.layer.receive(createRequest('OPTIONS'), ours);
    element.layer.receive(createRequest('OPTIONS', shape), ours);
    expect(element.transactions).toHaveLength(2);
  });

  it('[RFC 3261 17.2.3] makes another transaction for another method with the same branch', () => {
    const [ours] = element.connect('UDP');
    for (const method of ['INVITE', 'CANCEL', 'OPTIONS', 'options']) element.layer.receive(createRequest(method), ours);
    expect(element.transactions.map(({ request }) => request.method)).toEqual([
      'INVITE',
      'CANCEL',
      'OPTIONS',
      'options',
    ]);
  });

  it('[RFC 3261 17.2.3] compares sent-by without regard to case', () => {
    const [ours] = element.connect('UDP');
    element.layer.receive(createRequest('OPTIONS'), ours);
    element.layer.receive(createRequest('OPTIONS', { sentBy: 'THEM.Example' }), ours);
    expect(element.transactions).toHaveLength(1);
  });

  describe.each([
    { peer: 'a branch of RFC 2543', branch: ';branch=1' },
    { peer: 'no branch', branch: '' },
  ])('a peer with $peer', ({ branch }) => {
    it('[RFC 3261 17.2.3] is known by Via, From, Call-ID and number', () => {
      const [ours] = element.connect('UDP');
      element.layer.receive(createRequest('OPTIONS', { branch }), ours);
      element.layer.receive(createRequest('OPTIONS', { branch }), ours);
      expect(element.transactions).toHaveLength(1);
      const others: readonly Shape[] = [{ callId: 'other' }, { cseq: 2 }, { from: '<sip:a@b>;tag=2' }];
      for (const shape of others) element.layer.receive(createRequest('OPTIONS', { branch, ...shape }), ours);
      expect(element.transactions).toHaveLength(4);
    });

    it('[RFC 3261 17.2.3] acknowledges a refusal', () => {
      const [ours] = element.connect('UDP');
      element.layer.receive(createRequest('INVITE', { branch }), ours);
      const [transaction] = element.transactions;
      transaction?.respond(createResponse(transaction.request, 486, { toTag: 'x' }));
      element.layer.receive(createRequest('ACK', { branch, to: '<sip:b@c>;tag=x' }), ours);
      element.clock.advance(4_999);
      expect([names(ours.sent), element.acks, element.layer.size]).toEqual([[486], [], 1]);
      element.clock.advance(1);
      expect([element.layer.size, element.clock.pending]).toEqual([0, 0]);
    });
  });

  it('[RFC 3261 17.2.1] takes the ACK of a refusal into the INVITE transaction', () => {
    const [ours] = element.connect('TCP');
    element.layer.receive(createRequest('INVITE'), ours);
    const [transaction] = element.transactions;
    transaction?.respond(createResponse(transaction.request, 486, { toTag: 'x' }));
    element.layer.receive(createRequest('ACK'), ours);
    element.clock.advance(0);
    expect([element.acks, element.layer.size, element.clock.pending]).toEqual([[], 0, 0]);
  });

  it.each([
    { source: 'RFC 3261 13.2.2.4, with a branch of its own', shape: { branch: ';branch=z9hG4bKack' } },
    { source: 'RFC 6026 7.1, with the branch of the INVITE', shape: {} },
  ])('[RFC 3261 17] hands the ACK of a 2xx to the user: $source', ({ shape }) => {
    const [ours] = element.connect('TCP');
    element.layer.receive(createRequest('INVITE'), ours);
    const [transaction] = element.transactions;
    transaction?.respond(createResponse(transaction.request, 200, { toTag: 'x' }));
    element.layer.receive(createRequest('ACK', shape), ours);
    element.layer.receive(createRequest('INVITE'), ours);
    expect([names(element.acks), element.transactions.length, names(ours.sent)]).toEqual([['ACK'], 1, [200]]);
  });

  it('[RFC 3261 17.2.3] never makes a transaction of an ACK', () => {
    const [ours] = element.connect('TCP');
    element.layer.receive(createRequest('ACK'), ours);
    expect([element.layer.size, element.acks.length]).toEqual([0, 1]);
  });

  it('[RFC 3261 9.2] finds the INVITE that a CANCEL means', () => {
    const [ours] = element.connect('TCP');
    for (const method of ['INVITE', 'CANCEL']) element.layer.receive(createRequest(method), ours);
    const [invite, cancel] = element.transactions;
    expect(cancel && element.layer.findInvite(cancel.request)).toBe(invite);
  });

  it.each([
    { difference: 'another branch', shape: { branch: ';branch=z9hG4bK2' } },
    { difference: 'another sent-by', shape: { sentBy: 'others.example' } },
  ])('[RFC 3261 9.2] finds no INVITE for a CANCEL with $difference', ({ shape }) => {
    const [ours] = element.connect('TCP');
    element.layer.receive(createRequest('INVITE'), ours);
    element.layer.receive(createRequest('CANCEL', shape), ours);
    const cancel = element.transactions[1]?.request ?? createRequest('CANCEL');
    expect(element.layer.findInvite(cancel)).toBeUndefined();
  });

  it('[RFC 3261 26.1] lets no other connection cancel, acknowledge or repeat, though it knows the branch', () => {
    const [victim] = element.connect('WSS');
    const [attacker] = element.connect('WSS');
    element.layer.receive(createRequest('INVITE'), victim);
    element.layer.receive(createRequest('CANCEL'), attacker);
    const [invite, cancel] = element.transactions;
    expect(cancel && element.layer.findInvite(cancel.request)).toBeUndefined();
    invite?.respond(createResponse(invite.request, 486, { toTag: 'x' }));
    element.layer.receive(createRequest('ACK'), attacker);
    element.layer.receive(createRequest('INVITE'), attacker);
    expect(names(victim.sent)).toEqual([486]);
    expect(attacker.sent).toEqual([]);
    element.clock.advance(200);
    expect(names(attacker.sent)).toEqual([100]);
  });

  it('[RFC 3261 21.5.4] answers 503 when too many transactions live, and works on when they have ended', async () => {
    element = new Element(2);
    const [ours] = element.connect('TCP');
    for (const cseq of [1, 2, 3]) {
      element.layer.receive(createRequest('OPTIONS', { branch: `;branch=z9hG4bK${cseq}`, cseq }), ours);
    }
    await element.clock.run(0);
    expect([element.transactions.length, names(ours.sent)]).toEqual([2, [503]]);
    expect(ours.sent[0]?.headers.first('Retry-After')).toBe('5');
    for (const transaction of element.transactions) transaction.respond(createResponse(transaction.request, 200));
    element.clock.advance(0);
    element.layer.receive(createRequest('OPTIONS', { branch: ';branch=z9hG4bK4' }), ours);
    expect(element.transactions).toHaveLength(3);
  });

  it('[RFC 3261 17.2.4] tells the user that no ACK came', () => {
    const [ours] = element.connect('TCP');
    element.layer.receive(createRequest('INVITE'), ours);
    const [transaction] = element.transactions;
    transaction?.respond(createResponse(transaction.request, 486, { toTag: 'x' }));
    element.clock.advance(32_000);
    expect([element.serverEvents, element.layer.size]).toEqual([[{ type: 'timeout' }], 0]);
  });
});

describe('client side', () => {
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
    const { request } = element.layer.request(outgoing('OPTIONS'), ours, inform);
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
    { difference: 'another method', change: (headers: Headers) => headers.set('CSeq', '1 CANCEL') },
  ])('[RFC 3261 17.1.3] finds no transaction for a response with $difference', ({ change }) => {
    const [ours] = element.connect('TCP');
    const { request } = element.layer.request(outgoing('OPTIONS'), ours, inform);
    const response = createResponse(request, 200, { toTag: 'x' });
    element.layer.receive({ ...response, headers: change(response.headers) }, ours);
    expect([events, element.strays.length]).toEqual([[], 1]);
  });

  it('[RFC 3261 26.1] takes no response from another connection, though it knows the branch', () => {
    const [ours] = element.connect('TLS');
    const [attacker] = element.connect('WSS');
    const { request } = element.layer.request(outgoing('INVITE'), ours, inform);
    element.layer.receive(createResponse(request, 200, { toTag: 'x' }), attacker);
    expect([events, element.strays.length]).toEqual([[], 1]);
  });

  it('[RFC 3261 18.1.2] takes a datagram from wherever it comes', () => {
    const [ours] = element.connect('UDP');
    const [other] = element.connect('UDP');
    const { request } = element.layer.request(outgoing('OPTIONS'), ours, inform);
    element.layer.receive(createResponse(request, 200, { toTag: 'x' }), other);
    expect(events).toHaveLength(1);
  });

  it('[RFC 3261 9.1] cancels with the branch, Route, From, To, Call-ID and number of the INVITE', async () => {
    const [ours] = element.connect('TCP');
    const request = outgoing('INVITE');
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
    const cancel = element.layer.cancel(invite, inform, 'SIP;cause=200');
    expect(cancel.request.requestUri).toBe(invite.request.requestUri);
    expect(cancel.request.body).toEqual(noBody);
    expect(cancel.request.headers.toString().split('\r\n').toSorted()).toEqual(
      [
        '',
        'CSeq: 1 CANCEL',
        'Call-ID: call',
        'From: <sip:a@b>;tag=1',
        'Max-Forwards: 70',
        'Reason: SIP;cause=200',
        'Route: <sip:p;lr>',
        'To: <sip:b@c>',
        'Via: SIP/2.0/TCP us.example:5061;branch=z9hG4bKtoken1',
      ].toSorted(),
    );
    await element.clock.run(0);
    expect(names(ours.sent)).toEqual(['INVITE', 'CANCEL']);
  });

  it('[RFC 3261 9.1] sends one CANCEL, however often it is asked to, and keeps both answers apart', () => {
    const [ours] = element.connect('TCP');
    const invite = element.layer.request(outgoing('INVITE'), ours, inform);
    const cancelEvents: ClientEvent[] = [];
    const cancel = element.layer.cancel(invite, (event) => cancelEvents.push(event));
    expect(element.layer.cancel(invite, inform)).toBe(cancel);
    element.layer.receive(createResponse(cancel.request, 200, { toTag: 'x' }), ours);
    element.layer.receive(createResponse(invite.request, 487, { toTag: 'x' }), ours);
    expect(names(ours.sent)).toEqual(['INVITE', 'CANCEL', 'ACK']);
    expect(cancelEvents).toMatchObject([{ response: { statusCode: 200 } }]);
    expect(events).toMatchObject([{ response: { statusCode: 487 } }]);
    element.clock.advance(0);
    expect([element.layer.size, element.clock.pending]).toEqual([0, 0]);
  });

  it('[RFC 6026 7.2] hands every 2xx of every fork to the user, for 64*T1', () => {
    const [ours] = element.connect('TCP');
    const { request } = element.layer.request(outgoing('INVITE'), ours, inform);
    for (const toTag of ['x', 'y', 'x']) element.layer.receive(createResponse(request, 200, { toTag }), ours);
    expect(events).toHaveLength(3);
    element.clock.advance(32_000);
    element.layer.receive(createResponse(request, 200, { toTag: 'z' }), ours);
    expect([events.length, element.strays.length, element.layer.size]).toEqual([3, 1, 0]);
  });

  it('[RFC 3261 13.2.2.4] sends an ACK for a 2xx with a branch of its own and no transaction', async () => {
    const [ours] = element.connect('TCP');
    element.layer.sendAck(outgoing('ACK'), ours);
    ours.close();
    element.layer.sendAck(outgoing('ACK'), ours);
    await element.clock.run(0);
    expect([names(ours.sent), element.layer.size]).toEqual([['ACK'], 0]);
    expect(ours.sent[0]?.headers.first('Via')).toContain('branch=z9hG4bKtoken1');
  });

  it('[RFC 3261 17.1] refuses to wait for the answer to an ACK', () => {
    const [ours] = element.connect('TCP');
    expect(() => element.layer.request(outgoing('ACK'), ours, inform)).toThrow(TypeError);
  });
});

describe('flowClosed', () => {
  const gone = new TransportFailed('gone');

  it('[RFC 3261 17.1.4] fails what runs on that connection, and nothing else', () => {
    const [ours] = element.connect('TLS');
    const [other] = element.connect('TLS');
    const heard: string[] = [];
    element.layer.request(outgoing('OPTIONS'), ours, ({ type }) => heard.push(`options ${type}`));
    element.layer.request(outgoing('INVITE'), ours, ({ type }) => heard.push(`invite ${type}`));
    element.layer.request(outgoing('OPTIONS'), other, ({ type }) => heard.push(`other ${type}`));
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
    element.layer.request(outgoing('OPTIONS'), ours, (event) => heard.push(event));
    element.layer.flowClosed(ours, gone);
    expect([heard, element.layer.size]).toEqual([[], 1]);
  });
});

describe('two elements', () => {
  it.each(['UDP', 'TLS'])('[RFC 3261 17] carry a request and a response over %s, through losses', async (transport) => {
    const [caller, callee] = [new Element(), new Element()];
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
    layers[0]?.request(outgoing('INVITE'), left, note);
    await clock.run(100_000);
    expect([finals, callee.transactions.length, callee.acks, caller.strays]).toEqual([[486], 1, [], []]);
    expect([layers[0]?.size, layers[1]?.size, clock.pending]).toEqual([0, 0, 0]);
  });
});
