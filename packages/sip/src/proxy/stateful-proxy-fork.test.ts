import { describe, expect, it } from 'vitest';
import { createResponse } from '../messages/create-response.ts';
import type { SipRequest } from '../messages/message.ts';
import { MemoryFlow } from '../testing/memory-flow.ts';
import type { ForwardHooks, ProxyTarget } from './stateful-proxy.ts';
import { type BenchOptions, ProxyBench } from './testing/proxy-bench.ts';

const nothing = { contexts: 0, transactions: 0, timers: 0 };
const asked = (bench: ProxyBench): readonly number[] => bench.callees.map(({ requests }) => requests.length);
const breadths = (bench: ProxyBench): readonly (string | undefined)[] =>
  bench.callees.map(({ requests }) => requests[0]?.headers.first('Max-Breadth'));

describe('[RFC 3261 16.6] one after the other', () => {
  it('[RFC 3261 16.6] goes to the highest q first, and on when all of that have refused', async () => {
    const bench = new ProxyBench({ callees: 4, qs: [0.5, 1, 1, 0.1] });
    await bench.start();
    expect(asked(bench)).toEqual([0, 1, 1, 0]);
    bench.callee(1).answer(486);
    await bench.run();
    expect(asked(bench)).toEqual([0, 2, 1, 0]);
    bench.callee(2).answer(404);
    await bench.run();
    expect(asked(bench)).toEqual([1, 2, 2, 0]);
    bench.callee(0).answer(200);
    await bench.run();
    expect(bench.caller.log).toEqual(['200']);
    expect(asked(bench)).toEqual([1, 2, 2, 0]);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.7-6] answers with the best of all when nobody is left', async () => {
    const bench = new ProxyBench({ callees: 3, qs: [1, 0.9, 0.8] });
    await bench.start('MESSAGE');
    for (const [at, statusCode] of [500, 480, 404].entries()) {
      bench.callee(at).answer(statusCode, { method: 'MESSAGE' });
      await bench.run();
    }
    expect(bench.caller.log).toEqual(['404']);
    expect(bench.finals).toEqual([404]);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it.each([
    { end: 'a 6xx', statusCode: 603 },
    { end: 'a CANCEL', statusCode: 487 },
  ])('[RFC 3261 16.7-5] goes no further after $end', async ({ statusCode }) => {
    const bench = new ProxyBench({ callees: 2, qs: [1, 0.5] });
    await bench.start();
    bench.callee(0).answer(180);
    await bench.run();
    if (statusCode === 487) await bench.cancel();
    bench.callee(0).answer(statusCode);
    await bench.run();
    expect(bench.caller.log.at(-1)).toBe(String(statusCode));
    expect(asked(bench)[1]).toBe(0);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 4320 4.2] goes no further with a MESSAGE when the caller has given up', async () => {
    const bench = new ProxyBench({ callees: 2, qs: [1, 0.5] });
    await bench.start('MESSAGE');
    await bench.run(32_000);
    expect([asked(bench), bench.caller.log, bench.finals]).toEqual([[1, 0], ['100'], [408]]);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.8] goes on when the first one rings for too long', async () => {
    const bench = new ProxyBench({ callees: 2, qs: [1, 0.5] });
    await bench.start();
    bench.callee(0).answer(180);
    await bench.run(181_000);
    bench.callee(0).answer(487);
    await bench.run();
    bench.callee(1).answer(200);
    await bench.run();
    expect(bench.caller.log).toEqual(['180', '200']);
    expect(await bench.leftovers()).toEqual(nothing);
  });
});

describe('[RFC 5393 5] Max-Breadth', () => {
  it.each([
    { received: [], callees: 1, sent: ['60'] },
    { received: [], callees: 7, sent: ['9', '9', '9', '9', '8', '8', '8'] },
    { received: ['Max-Breadth: 5'], callees: 2, sent: ['3', '2'] },
    { received: ['Max-Breadth: 4000'], callees: 1, sent: ['60'] },
  ])('[RFC 5393 5.3.3] $received is shared out among $callees', async ({ received, callees, sent }) => {
    const bench = new ProxyBench({ callees });
    await bench.start('INVITE', ...received);
    expect(breadths(bench)).toEqual(sent);
    for (const callee of bench.callees) callee.answer(486);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 5393 5.3.3] too little of it makes the branches wait for one another', async () => {
    const bench = new ProxyBench({ callees: 3 });
    await bench.start('INVITE', 'Max-Breadth: 2');
    expect(breadths(bench)).toEqual(['1', '1', undefined]);
    for (const at of [0, 1]) bench.callee(at).answer(486);
    await bench.run();
    expect(breadths(bench)[2]).toBe('2');
    bench.callee(2).answer(200);
    await bench.run();
    expect(bench.caller.log).toEqual(['200']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 5393 5.3.3] none left is answered 440', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start('INVITE', 'Max-Breadth: 0');
    expect(bench.caller.responses[0]).toMatchObject({ statusCode: 440, reasonPhrase: 'Max-Breadth Exceeded' });
    expect([asked(bench), bench.finals]).toEqual([[0], [440]]);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 5393 5.2] is a number', async () => {
    const bench = new ProxyBench({ callees: 1, holdsBack: true });
    await bench.start('INVITE', 'Max-Breadth: many');
    await expect(bench.forward()).rejects.toMatchObject({ code: 'ERR_SIP_HEADER_MALFORMED' });
    expect(bench.proxy.size).toBe(0);
  });
});

describe('[RFC 5393 4] loops', () => {
  /** Sends what the callee got back to the proxy, as the next proxy would. */
  async function sendBack(bench: ProxyBench, change: (request: SipRequest) => SipRequest): Promise<void> {
    const request = change(bench.callee(0).request('INVITE'));
    const via = 'SIP/2.0/TCP callee-0.example;branch=z9hG4bKback';
    bench.callee(0).send({ ...request, headers: request.headers.prepend('Via', via) });
    await bench.run();
  }

  it('[RFC 5393 4.2] a request that comes back as it was is answered 482', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start();
    await sendBack(bench, (request) => request);
    expect(bench.callee(0).log).toEqual(['INVITE', '482']);
    bench.callee(0).answer(486);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it.each<{ change: string; made: (request: SipRequest) => SipRequest }>([
    { change: 'another Request-URI', made: (request) => ({ ...request, requestUri: 'sip:bob@192.0.2.4' }) },
    {
      change: 'another Route',
      made: (request) => ({ ...request, headers: request.headers.set('Route', '<sip:term@proxy.example;lr>') }),
    },
    {
      change: 'credentials',
      made: (request) => ({ ...request, headers: request.headers.with('Proxy-Authorization', 'Digest realm="a"') }),
    },
  ])('[RFC 5393 4.2] one that comes back with $change spirals on', async ({ made }) => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start();
    await sendBack(bench, made);
    expect(bench.callee(0).log).toEqual(['INVITE', 'INVITE']);
    bench.callee(0).answer(486);
    expect((await bench.leftovers()).timers).toBe(0);
  });

  it('[RFC 5393 4.2] another proxy tells nothing by its branches', async () => {
    const [one, other] = [new ProxyBench({ callees: 1 }), new ProxyBench({ callees: 1, tokens: 'other' })];
    await one.start();
    const via = one.callee(0).request('INVITE').headers.first('Via') ?? '';
    await other.start('INVITE', `Via: ${via}`);
    expect(other.callee(0).log).toEqual(['INVITE']);
  });
});

describe('[RFC 3261 16.7-4] redirections', () => {
  /** Goes to the callees that are no targets of the request, with the Request-URIs of the Contacts. */
  const follow =
    (bench: () => ProxyBench): NonNullable<ForwardHooks<MemoryFlow>['onRedirect']> =>
    ({ headers }, { request }) =>
      headers.all('Contact').map((contact): ProxyTarget<MemoryFlow> => {
        const flow = bench().callee(Number(contact.slice(5, 6))).near;
        return { request: { ...request, requestUri: contact.slice(1, -1) }, flow };
      });
  const create = (options: BenchOptions): ProxyBench => {
    const bench: ProxyBench = new ProxyBench({ ...options, hooks: { onRedirect: follow(() => bench) } });
    return bench;
  };

  it('[RFC 3261 16.7-4] are followed where the user says where to', async () => {
    const bench = create({ callees: 3, targets: 1 });
    await bench.start();
    bench.callee(0).answer(302, { headers: [['Contact', '<sip:1@x>, <sip:2@x>']] });
    await bench.run();
    expect([1, 2].map((at) => bench.callee(at).request('INVITE').requestUri)).toEqual(['sip:1@x', 'sip:2@x']);
    bench.callee(1).answer(486);
    bench.callee(2).answer(404);
    await bench.run();
    expect(bench.caller.log).toEqual(['404']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.5] never lead to the same target twice', async () => {
    const bench = create({ callees: 2, targets: 1 });
    await bench.start();
    for (const _ of [1, 2]) {
      bench.callee(0).answer(302, { headers: [['Contact', '<sip:1@x>']] });
      await bench.run();
    }
    bench.callee(1).answer(302, { headers: [['Contact', '<sip:1@x>']] });
    await bench.run();
    expect([bench.caller.log, bench.callee(1).log]).toEqual([['302'], ['INVITE', 'ACK']]);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.5] end when there were too many', async () => {
    const bench = create({ callees: 1 });
    await bench.start();
    for (let turn = 0; turn < 70; turn += 1) {
      const before = bench.callee(0).requests.length;
      bench.callee(0).answer(302, { headers: [['Contact', `<sip:0@x${turn}>`]] });
      await bench.run();
      if (bench.callee(0).requests.length === before) break;
    }
    expect(bench.caller.log).toEqual(['302']);
    expect(bench.callee(0).requests.filter(({ method }) => method === 'INVITE')).toHaveLength(60);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.7-4] go upstream where nobody follows them', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start();
    bench.callee(0).answer(302, { headers: [['Contact', '<sip:1@x>']] });
    await bench.run();
    expect(bench.caller.log).toEqual(['302']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.10] are not followed when the caller has given up', async () => {
    const bench = create({ callees: 2, targets: 1 });
    await bench.start();
    bench.callee(0).answer(180);
    await bench.run();
    await bench.cancel();
    bench.callee(0).answer(302, { headers: [['Contact', '<sip:1@x>']] });
    await bench.run();
    expect([bench.caller.log, bench.callee(1).log]).toEqual([['180', '200', '302'], []]);
    expect(await bench.leftovers()).toEqual(nothing);
  });
});

describe('StatefulProxy', () => {
  it('[RFC 3261 16.5] takes a bounded number of targets', async () => {
    const bench = new ProxyBench({ callees: 1, holdsBack: true });
    await bench.start();
    const target = { request: bench.held.request, flow: bench.callee(0).near };
    expect(() =>
      bench.proxy.forward(
        bench.held,
        Array.from({ length: 61 }, () => target),
      ),
    ).toThrow(TypeError);
    expect(bench.proxy.size).toBe(0);
  });

  it('[RFC 3261 16.6] leaves nothing behind where a target has no sent-by to put in Via', async () => {
    const bench = new ProxyBench({ callees: 1, holdsBack: true });
    await bench.start();
    const { request } = bench.held;
    const flow = new MemoryFlow({ clock: bench.clock, transport: 'TCP', sentBy: 'proxy.example:0' });
    const targets = [
      { request, flow: bench.callee(0).near },
      { request, flow },
    ];
    expect(() => bench.proxy.forward(bench.held, targets)).toThrow(TypeError);
    await bench.run();
    bench.callee(0).answer(180);
    await bench.run();
    bench.callee(0).answer(487);
    bench.held.respond(createResponse(request, 500, { toTag: 'x' }));
    await bench.run();
    expect(bench.callee(0).log).toEqual(['INVITE', 'CANCEL', 'ACK']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.9] an ACK that cannot be sent changes nothing', async () => {
    const bench = new ProxyBench({ callees: 2 });
    await bench.start();
    const { near } = bench.callee(0);
    bench.callee(0).answer(486);
    // What arrives has left before.
    const { onMessage } = near;
    near.onMessage = (message) => {
      near.close();
      onMessage(message);
    };
    await bench.run();
    bench.callee(1).answer(404);
    await bench.run();
    expect(bench.caller.log).toEqual(['404']);
    expect(await bench.leftovers()).toEqual(nothing);
  });
});
