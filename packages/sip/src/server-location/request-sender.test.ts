import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createResponse } from '../messages/create-response.ts';
import { isRequest, type SipRequest } from '../messages/message.ts';
import { createOutgoing } from '../testing/memory-element.ts';
import type { MemoryFlow } from '../testing/memory-flow.ts';
import type { ServerTarget } from './server-target.ts';
import { SenderBench, type Servers, type Shape, target } from './testing/sender-bench.ts';

let bench: SenderBench;
let { element, connected, events }: Pick<SenderBench, 'element' | 'connected' | 'events'> = new SenderBench();
const pass = (ms: number): Promise<void> => bench.pass(ms);
const connect = (servers: Servers): ReturnType<SenderBench['connect']> => bench.connect(servers);
const send = (servers: Servers, shape?: Shape): ReturnType<SenderBench['send']> => bench.send(servers, shape);

beforeEach(() => {
  bench = new SenderBench();
  ({ element, connected, events } = bench);
});

afterEach(async () => {
  await pass(200_000);
  expect(element.clock.pending).toBe(0);
  expect(element.layer.size).toBe(0);
});

describe('[RFC 3263 4.3] the next server is tried', () => {
  it.each([
    ['that cannot be reached', null, 0],
    ['that answers 503', [503], 0],
    ['that says nothing until its transaction ends', [], 32_000],
  ] as const)('after one %s', async (_name, first, ms) => {
    send({ '192.0.2.1': first, '192.0.2.2': [200], '192.0.2.3': [200] });
    await pass(ms + 1);
    expect(events).toEqual([200]);
    expect(connected).toEqual(['TCP 192.0.2.1', 'TCP 192.0.2.2']);
  });

  it('with a branch of its own', async () => {
    const sent = send({ '192.0.2.1': [503], '192.0.2.2': [200] });
    await pass(0);
    const [first, second] = [1, 2].map((number) => `branch=z9hG4bKtoken${number}`);
    expect(sent.transaction?.request.headers.all('Via')).toEqual([expect.stringContaining(second ?? '')]);
    expect(sent.transaction?.request.headers.first('Via')).not.toContain(first);
  });

  it('on a connection that breaks before any answer', async () => {
    const flows: MemoryFlow[] = [];
    const reach = connect({ '192.0.2.1': [], '192.0.2.2': [200] });
    const keep = async (to: ServerTarget): Promise<MemoryFlow> => {
      const flow = await reach(to);
      flows.push(flow);
      if (flows.length === 1) flow.close();
      return flow;
    };
    send({}, { targets: [target('192.0.2.1'), target('192.0.2.2')], options: { connect: keep } });
    await pass(0);
    expect(events).toEqual([200]);
  });
});

describe('[RFC 3263 4.3] no other server is tried', () => {
  it.each([[[486]], [[200]], [[500]], [[100, 404]]])('after %j', async (codes) => {
    send({ '192.0.2.1': codes, '192.0.2.2': [200] });
    await pass(40_000);
    expect(events).toEqual(codes);
    expect(connected).toEqual(['TCP 192.0.2.1']);
  });

  it('after silence that follows a provisional response', async () => {
    send({ '192.0.2.1': [100], '192.0.2.2': [200] });
    await pass(32_001);
    expect(events).toEqual([100, 'timeout']);
    expect(connected).toEqual(['TCP 192.0.2.1']);
  });
});

describe('when the last one has failed', () => {
  it.each([
    ['503', [503], [503], 0],
    ['nothing', [], ['timeout'], 32_000],
    ['no connection', null, ['transport error'], 0],
  ] as const)('its failure is told: %s', async (_name, last, told, ms) => {
    send({ '192.0.2.1': null, '192.0.2.2': last });
    await pass(ms + 1);
    expect(events).toEqual(told);
  });

  it('no server at all is a transport error', async () => {
    send({});
    await pass(0);
    expect(events).toEqual(['transport error']);
  });

  it('what the search fails with is one too', async () => {
    const locate = async function* (): AsyncGenerator<ServerTarget> {
      yield* [];
      throw new Error('DNS is gone');
    };
    send({}, { options: { locate } });
    await pass(0);
    expect(events).toEqual(['transport error']);
  });

  it('there are no more attempts than allowed', async () => {
    const targets = Array.from({ length: 20 }, (_, index) => target(`192.0.2.${index}`));
    send({}, { targets, options: { maxAttempts: 3 } });
    await pass(0);
    expect(events).toEqual(['transport error']);
    expect(connected).toHaveLength(3);
  });

  it('no attempt begins after the deadline', async () => {
    send({ '192.0.2.1': [], '192.0.2.2': [], '192.0.2.3': [200] }, { options: { deadlineMs: 40_000 } });
    await pass(70_000);
    expect(events).toEqual(['timeout']);
    expect(connected).toHaveLength(2);
  });

  it('a search, or a connection, without end is given up at the deadline', async () => {
    const never = (): Promise<MemoryFlow> => new Promise(() => {});
    send({ '192.0.2.1': [] }, { options: { connect: never, deadlineMs: 1_000 } });
    await pass(999);
    expect(events).toEqual([]);
    await pass(1);
    expect(events).toEqual(['timeout']);
  });

  it('a connection that comes too late is not used', async () => {
    let open: (flow: MemoryFlow) => void = () => {};
    const late = (): Promise<MemoryFlow> => new Promise((resolve) => (open = resolve));
    send({ '192.0.2.1': [] }, { options: { connect: late, deadlineMs: 1_000 } });
    await pass(1_000);
    const [ours] = element.connect('TCP');
    open(ours);
    await pass(1_000);
    expect(ours.sent).toEqual([]);
    expect(events).toEqual(['timeout']);
  });
});

describe('[RFC 3261 18.1.1] a long request for UDP', () => {
  const long = { ...createOutgoing('MESSAGE'), body: new Uint8Array(1_300) };
  const targets = [target('192.0.2.1', 'UDP'), target('192.0.2.2', 'UDP')];

  it('goes over TCP', async () => {
    send({ 'TCP 192.0.2.1': [200] }, { request: long, targets });
    await pass(0);
    expect([connected, events]).toEqual([['TCP 192.0.2.1'], [200]]);
  });

  it('goes over UDP to a server that does not take TCP', async () => {
    send({ 'UDP 192.0.2.1': [200] }, { request: long, targets });
    await pass(0);
    expect([connected, events]).toEqual([['TCP 192.0.2.1', 'UDP 192.0.2.1'], [200]]);
  });

  it('does not go over UDP to a server that answered 503 by TCP', async () => {
    send({ 'TCP 192.0.2.1': [503], 'UDP 192.0.2.1': [200], 'TCP 192.0.2.2': [200] }, { request: long, targets });
    await pass(0);
    expect(connected).toEqual(['TCP 192.0.2.1', 'TCP 192.0.2.2']);
  });

  it('a short one stays', async () => {
    send({ 'UDP 192.0.2.1': [200], 'TCP 192.0.2.1': [200] }, { targets });
    await pass(0);
    expect(connected).toEqual(['UDP 192.0.2.1']);
  });
});

describe('[RFC 3261 8.1.2] where it goes', () => {
  const routed = (route: string): SipRequest => {
    const request = createOutgoing('OPTIONS');
    return { ...request, headers: request.headers.with('Route', route) };
  };
  const hosts: string[] = [];
  const options: Shape['options'] = {
    locate: async function* ({ host }) {
      hosts.push(host);
      yield target('192.0.2.1');
    },
  };

  it.each([
    ['to the Request-URI', createOutgoing('OPTIONS'), undefined, 'c'],
    ['to the topmost Route', routed('<sip:proxy.example;lr>, <sip:other.example;lr>'), undefined, 'proxy.example'],
    ['to where the caller says', routed('<sip:proxy.example;lr>'), 'sip:strict.example', 'strict.example'],
  ])('%s', async (_name, request, nextHop, host) => {
    send({ '192.0.2.1': [200] }, { request, options, nextHop });
    await pass(0);
    expect(hosts.at(-1)).toBe(host);
  });

  it.each([
    ['an ACK', createOutgoing('ACK'), TypeError],
    ['a tel: URI without a route', { ...createOutgoing('INVITE'), requestUri: 'tel:+31' }, TypeError],
    ['a broken Route', routed('<nowhere>'), Error],
  ] as const)('%s is refused at once', (_name, request, expected) => {
    expect(() => send({}, { request })).toThrow(expected);
  });
});

describe('[RFC 3261 9.1] cancelling', () => {
  const request = createOutgoing('INVITE');

  it('an INVITE that rings, at once', async () => {
    const sent = send({ '192.0.2.1': [180] }, { request });
    await pass(0);
    sent.cancel('SIP;cause=487');
    await pass(0);
    const methods = sent.transaction?.flow.sent.map((message) => isRequest(message) && message.method);
    expect(methods).toEqual(['INVITE', 'CANCEL']);
    sent.transaction?.flow.close();
    element.layer.flowClosed(sent.transaction?.flow as MemoryFlow, gone);
    expect(events).toEqual([180, 'transport error']);
  });

  it('an INVITE that does not ring yet, when it does', async () => {
    const sent = send({ '192.0.2.1': [] }, { request });
    await pass(0);
    sent.cancel();
    const flow = sent.transaction?.flow as MemoryFlow;
    expect(flow.sent).toHaveLength(1);
    element.layer.receive(createResponse(flow.sent[0] as SipRequest, 100), flow);
    await pass(0);
    expect(flow.sent[1]).toMatchObject({ method: 'CANCEL' });
    element.layer.receive(createResponse(flow.sent[0] as SipRequest, 487, { toTag: 'them' }), flow);
    expect(events).toEqual([100, 487]);
  });

  it('an INVITE that reached nobody ends the search', async () => {
    const sent = send({ '192.0.2.1': null, '192.0.2.2': [200] }, { request });
    sent.cancel();
    sent.cancel();
    await pass(0);
    expect(events).toEqual(['transport error']);
    expect(connected).toEqual([]);
  });

  it('an INVITE whose server fails afterwards goes to no other', async () => {
    const sent = send({ '192.0.2.1': [], '192.0.2.2': [200] }, { request });
    await pass(0);
    sent.cancel();
    await pass(32_000);
    expect(events).toEqual(['timeout']);
    expect(connected).toEqual(['TCP 192.0.2.1']);
  });
});

const gone = Object.assign(new Error('gone'), { code: 'ERR_SIP_TRANSPORT_FAILED', statusCode: 503 }) as never;

it('[RFC 3581 3] [RFC 5923 5] parameters for Via are asked for by flow', async () => {
  const viaParams = ({ transport }: MemoryFlow): readonly [string, string][] => [[transport.toLowerCase(), '']];
  const sent = send({ '192.0.2.1': [200] }, { options: { viaParams } });
  await pass(0);
  expect(sent.transaction?.request.headers.first('Via')).toMatch(/;tcp;branch=/u);
});
