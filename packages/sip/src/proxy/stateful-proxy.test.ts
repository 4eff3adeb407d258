import { describe, expect, it } from 'vitest';
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

describe('[RFC 3261 16.8] [RFC 3261 16.9] branches that say nothing', () => {
  it.each(['INVITE', 'MESSAGE'])('[RFC 3261 16.8] %s: 408 when the transaction times out', async (method) => {
    const bench = new ProxyBench({ callees: 1, transport: 'UDP' });
    await bench.start(method);
    await bench.run(32_000);
    expect(bench.caller.log.at(-1)).toBe('408');
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.9] a transport error counts as 503, and goes upstream as 500', async () => {
    const bench = new ProxyBench({ callees: 1 });
    bench.callee(0).near.close();
    await bench.start();
    expect(bench.caller.log).toEqual(['500']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.9] a transport error of one branch leaves the others', async () => {
    const bench = new ProxyBench({ callees: 2 });
    bench.callee(0).near.close();
    await bench.start();
    bench.callee(1).answer(200);
    await bench.run();
    expect(bench.caller.log).toEqual(['200']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.8] Timer C cancels a callee that rings for three minutes, then 487', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start();
    bench.callee(0).answer(180);
    await bench.run(180_000);
    expect(bench.callee(0).log).toEqual(['INVITE']);
    await bench.run(1_000);
    expect(bench.callee(0).log).toEqual(['INVITE', 'CANCEL']);
    bench.callee(0).answer(487);
    await bench.run();
    expect(bench.caller.log.at(-1)).toBe('487');
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.7-2] a provisional response other than 100 starts Timer C again', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start();
    bench.callee(0).answer(180);
    await bench.run(100_000);
    bench.callee(0).answer(183);
    await bench.run(100_000);
    bench.callee(0).answer(100);
    await bench.run(80_000);
    expect(bench.callee(0).log).toEqual(['INVITE']);
    await bench.run(1_000);
    expect(bench.callee(0).log).toEqual(['INVITE', 'CANCEL']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 9.1] a callee that answers neither INVITE nor CANCEL leaves nothing behind', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start();
    bench.callee(0).answer(180);
    await bench.run();
    await bench.cancel();
    await bench.run(32_000);
    expect(bench.caller.log).toEqual(['180', '200', '487']);
    expect(await bench.leftovers()).toEqual(nothing);
  });
});

describe('[RFC 3261 16.10] CANCEL', () => {
  it('[RFC 3261 16.10] goes to each branch that rings, with its Reason', async () => {
    const bench = new ProxyBench({ callees: 2 });
    await bench.start();
    for (const callee of bench.callees) callee.answer(180);
    await bench.run();
    await bench.cancel('Reason: SIP;cause=487');
    for (const callee of bench.callees) {
      expect(callee.request('CANCEL').headers.first('Reason')).toBe('SIP;cause=487');
      expect(callee.request('CANCEL').headers.all('Via')).toEqual(
        callee.request('INVITE').headers.all('Via').slice(0, 1),
      );
      callee.answer(200, { method: 'CANCEL' });
      callee.answer(487);
    }
    await bench.run();
    expect(bench.caller.log).toEqual(['180', '180', '200', '487']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 9.1] waits for a provisional response, and keeps its Reason', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start();
    await bench.cancel('Reason: SIP;cause=487');
    expect(bench.callee(0).log).toEqual(['INVITE']);
    bench.callee(0).answer(100);
    await bench.run();
    expect(bench.callee(0).request('CANCEL').headers.first('Reason')).toBe('SIP;cause=487');
    bench.callee(0).answer(487);
    await bench.run();
    expect(bench.caller.log).toEqual(['200', '487']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 9.1] ends with 487 where no response ever comes', async () => {
    const bench = new ProxyBench({ callees: 1, transport: 'UDP' });
    await bench.start();
    await bench.cancel();
    await bench.run(33_000);
    expect(new Set(bench.caller.log)).toEqual(new Set(['200', '487', '100']));
    expect(bench.callee(0).log).not.toContain('CANCEL');
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.10] of an INVITE that is not forwarded yet keeps it from going out', async () => {
    const bench = new ProxyBench({ callees: 1, holdsBack: true });
    await bench.start();
    await bench.cancel();
    await bench.forward();
    expect(bench.callee(0).log).toEqual([]);
    expect(bench.caller.log).toEqual(['200', '487']);
    expect(bench.finals).toEqual([487]);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.10] of nothing is answered 481', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.cancel();
    expect(bench.caller.log).toEqual(['481']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 9.2] after the final response changes nothing', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start();
    bench.callee(0).answer(200);
    await bench.run();
    await bench.cancel();
    expect(bench.caller.log).toEqual(['200', '200']);
    expect(bench.callee(0).log).toEqual(['INVITE']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.10] a 2xx that crosses it is forwarded', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start();
    bench.callee(0).answer(180);
    await bench.run();
    bench.callee(0).answer(200);
    await bench.cancel();
    expect(bench.caller.log).toEqual(['180', '200', '200']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[TS 24.229 5.2.8.1] the same happens for a caller who is gone', async () => {
    const bench = new ProxyBench({ callees: 1, holdsBack: true });
    await bench.start();
    await bench.forward();
    bench.callee(0).answer(180);
    await bench.run();
    bench.proxy.abandon(bench.held);
    await bench.run();
    expect(bench.callee(0).log).toEqual(['INVITE', 'CANCEL']);
    bench.callee(0).answer(487);
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
