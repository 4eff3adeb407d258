import { describe, expect, it } from 'vitest';
import type { ForwardHooks } from './stateful-proxy.ts';
import { ProxyBench } from './testing/proxy-bench.ts';

const nothing = { contexts: 0, transactions: 0, timers: 0 };
const elsewhere = 'SIP;cause=200;text="Call completed elsewhere"';

describe.each(['TCP', 'UDP'] as const)('over %s', (transport) => {
  it('[RFC 3261 16.6] forwards to all targets, each by a branch of its own', async () => {
    const bench = new ProxyBench({ callees: 2, transport });
    await bench.start();
    const [first, second] = bench.callees.map((callee) => callee.request('INVITE').headers);
    expect(first?.all('Via')).toHaveLength(3);
    expect(first?.first('Via')).not.toBe(second?.first('Via'));
    expect(first?.first('Max-Forwards')).toBe('69');
    bench.callee(0).answer(486);
    bench.callee(1).answer(404);
    await bench.run();
    await bench.acknowledge();
    expect(bench.caller.responses.at(-1)?.statusCode).toBe(404);
    expect(bench.finals).toEqual([404]);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.7-5] [RFC 3326 3.1] the first 2xx goes upstream and cancels the losers', async () => {
    const bench = new ProxyBench({ callees: 2, transport });
    await bench.start();
    bench.callee(0).answer(180);
    bench.callee(1).answer(180);
    await bench.run();
    bench.callee(0).answer(200);
    await bench.run();
    expect(bench.caller.log).toEqual(['180', '180', '200']);
    expect(bench.callee(1).request('CANCEL').headers.first('Reason')).toBe(elsewhere);
    expect(bench.callee(0).log).toEqual(['INVITE']);
    bench.callee(1).answer(200, { method: 'CANCEL' });
    bench.callee(1).answer(487);
    await bench.run();
    expect(bench.callee(1).log.at(-1)).toBe('ACK');
    expect(bench.caller.log).toEqual(['180', '180', '200']);
    expect(bench.finals).toEqual([200]);
    expect(await bench.leftovers()).toEqual(nothing);
  });
});

describe('[RFC 3261 16.7] responses', () => {
  it('[RFC 3261 16.7-3] lose our Via and keep those of the request, whatever the callee made of them', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start();
    const invite = bench.callee(0).request('INVITE');
    const [ours = ''] = invite.headers.all('Via');
    bench.callee(0).send({
      statusCode: 486,
      reasonPhrase: 'Busy Here',
      headers: invite.headers.set('Via', `${ours}, SIP/2.0/TCP elsewhere.example;branch=z9hG4bKother`),
      body: invite.body,
    });
    await bench.run();
    expect(bench.caller.responses.at(-1)?.headers.all('Via')).toEqual([
      'SIP/2.0/TCP caller.example;branch=z9hG4bKcaller',
      'SIP/2.0/TCP phone.example;branch=z9hG4bKphone',
    ]);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.7-3] that hold no Via but ours end their branch too', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start('MESSAGE');
    const message = bench.callee(0).request('MESSAGE');
    const headers = message.headers.set('Via', message.headers.first('Via') ?? '');
    bench.callee(0).send({ statusCode: 200, reasonPhrase: 'OK', headers, body: message.body });
    await bench.run();
    expect(bench.caller.log).toEqual(['200']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.7-5] 100 is not forwarded', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start();
    bench.callee(0).answer(100);
    bench.callee(0).answer(183);
    bench.callee(0).answer(486);
    await bench.run();
    expect(bench.caller.log).toEqual(['183', '486']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.7-5] 6xx cancels the others and waits for them', async () => {
    const bench = new ProxyBench({ callees: 2 });
    await bench.start();
    bench.callee(1).answer(180);
    bench.callee(0).answer(603);
    await bench.run();
    expect(bench.caller.log).toEqual(['180']);
    expect(bench.callee(1).request('CANCEL').headers.has('Reason')).toBe(false);
    bench.callee(1).answer(487);
    await bench.run();
    expect(bench.caller.log).toEqual(['180', '603']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.7-5] a 2xx wins over a 6xx that came before', async () => {
    const bench = new ProxyBench({ callees: 2 });
    await bench.start();
    bench.callee(0).answer(603);
    bench.callee(1).answer(200);
    await bench.run();
    expect(bench.caller.log).toEqual(['200']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.7-5] every 2xx to INVITE goes upstream: of two branches, and repeated', async () => {
    const bench = new ProxyBench({ callees: 2 });
    await bench.start();
    bench.callee(0).answer(200);
    await bench.run();
    bench.callee(1).answer(200);
    await bench.run(500);
    bench.callee(1).answer(200);
    await bench.run();
    expect(bench.caller.log).toEqual(['200', '200', '200']);
    expect(bench.finals).toEqual([200]);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.7-5] of two 2xx to another method only the first goes upstream', async () => {
    const bench = new ProxyBench({ callees: 2 });
    await bench.start('MESSAGE');
    bench.callee(0).answer(200, { method: 'MESSAGE' });
    bench.callee(1).answer(202, { method: 'MESSAGE' });
    await bench.run();
    expect(bench.caller.log).toEqual(['200']);
    expect(bench.callee(1).log).toEqual(['MESSAGE']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.7-7] challenges of all branches come together', async () => {
    const bench = new ProxyBench({ callees: 2 });
    await bench.start();
    bench.callee(0).answer(401, { headers: [['WWW-Authenticate', 'Digest realm="one"']] });
    bench.callee(1).answer(407, { headers: [['Proxy-Authenticate', 'Digest realm="two"']] });
    await bench.run();
    expect(bench.caller.responses.at(-1)).toMatchObject({ statusCode: 401 });
    expect(bench.caller.responses.at(-1)?.headers.all('Proxy-Authenticate')).toEqual(['Digest realm="two"']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.7] may be changed on their way, provisional and final', async () => {
    const seen: number[] = [];
    const bench = new ProxyBench({
      callees: 1,
      hooks: {
        onResponse: (response) => {
          seen.push(response.statusCode);
          return response.statusCode === 430 ? { ...response, statusCode: 480 } : response;
        },
      },
    });
    await bench.start();
    bench.callee(0).answer(180);
    bench.callee(0).answer(430);
    await bench.run();
    expect(seen).toEqual([180, 430]);
    expect(bench.caller.log).toEqual(['180', '480']);
    expect(await bench.leftovers()).toEqual(nothing);
  });
});

describe('[RFC 3261 16.6] targets', () => {
  it('[RFC 3261 16.6] are told apart by the hooks as the caller gave them', async () => {
    const told: unknown[] = [];
    const bench = new ProxyBench({ callees: 1, holdsBack: true });
    await bench.start();
    const target = { request: bench.held.request, flow: bench.callee(0).near };
    const onResponse: ForwardHooks['onResponse'] = (response, given) => {
      told.push(given);
      return response;
    };
    bench.proxy.forward(bench.held, [target], { onResponse });
    await bench.run();
    bench.callee(0).answer(486);
    await bench.run();
    expect(told).toHaveLength(1);
    expect(told[0]).toBe(target);
    expect(await bench.leftovers()).toEqual(nothing);
  });
});

describe('[RFC 3261 16.7] after the final response', () => {
  it('[RFC 3261 16.7-5] a 2xx after a 408 finds nobody and harms nobody', async () => {
    const bench = new ProxyBench({ callees: 2 });
    await bench.start();
    bench.callee(0).answer(486);
    bench.callee(1).answer(180);
    await bench.run(181_000 + 32_000);
    expect(bench.caller.log).toEqual(['180', '486']);
    bench.callee(1).answer(200);
    await bench.run();
    expect(bench.caller.log).toEqual(['180', '486']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.11] the ACK of a 2xx is forwarded with a Via of ours, without a transaction', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start();
    bench.callee(0).answer(200);
    await bench.run();
    await bench.acknowledge();
    expect(bench.callee(0).request('ACK').headers.all('Via')).toHaveLength(3);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('a request needs a target', async () => {
    const bench = new ProxyBench({ callees: 0, holdsBack: true });
    await bench.start('MESSAGE');
    expect(() => bench.proxy.forward(bench.held, [])).toThrow(TypeError);
    expect(bench.proxy.size).toBe(0);
  });
});
