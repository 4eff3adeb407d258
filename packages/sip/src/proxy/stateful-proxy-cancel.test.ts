import { describe, expect, it } from 'vitest';
import { ProxyBench } from './testing/proxy-bench.ts';

const nothing = { contexts: 0, transactions: 0, timers: 0 };
describe('[RFC 3261 16.8] [RFC 3261 16.9] branches that say nothing', () => {
  it('[RFC 3261 16.8] 408 when the transaction of an INVITE times out', async () => {
    const bench = new ProxyBench({ callees: 1, transport: 'UDP' });
    await bench.start();
    await bench.run(32_000);
    expect(bench.caller.log.at(-1)).toBe('408');
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it.each([
    { transport: 'UDP', says: [] },
    { transport: 'UDP', says: [408] },
    { transport: 'TCP', says: [100, 180, 408] },
  ] as const)('[RFC 4320 4.2] no 408 to a MESSAGE over $transport, though the callee says $says', async (given) => {
    const bench = new ProxyBench({ callees: 1, transport: given.transport });
    await bench.start('MESSAGE');
    for (const statusCode of given.says) bench.callee(0).answer(statusCode, { method: 'MESSAGE' });
    await bench.run(600_000);
    expect(bench.caller.log).toEqual(['100']);
    expect(bench.finals).toEqual([408]);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 4320 4.2] any other answer to a MESSAGE is better than 408', async () => {
    const bench = new ProxyBench({ callees: 2 });
    await bench.start('MESSAGE');
    bench.callee(0).answer(408, { method: 'MESSAGE' });
    bench.callee(1).answer(500, { method: 'MESSAGE' });
    await bench.run();
    expect(bench.caller.log).toEqual(['500']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 4320 4.1] 100 to a MESSAGE goes out late', async () => {
    const bench = new ProxyBench({ callees: 1, transport: 'UDP' });
    await bench.start('MESSAGE');
    await bench.run(3_499);
    expect(bench.caller.log).toEqual([]);
    await bench.run(1);
    bench.callee(0).answer(200, { method: 'MESSAGE' });
    await bench.run();
    expect(bench.caller.log).toEqual(['100', '200']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 4320 4.2] an answer to a MESSAGE that comes too late goes nowhere', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start('MESSAGE');
    await bench.run(32_000);
    bench.callee(0).answer(200, { method: 'MESSAGE' });
    await bench.run();
    expect(bench.caller.log).toEqual(['100']);
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

  it('[RFC 3326 2] hands on every Reason', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start();
    bench.callee(0).answer(180);
    await bench.run();
    await bench.cancel('Reason: SIP;cause=487', 'Reason: Q.850;cause=16');
    const reasons = bench.callee(0).request('CANCEL').headers.all('Reason');
    expect(reasons).toEqual(['SIP;cause=487', 'Q.850;cause=16']);
    bench.callee(0).answer(487);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 9.2] of a MESSAGE is answered 200 and does nothing', async () => {
    const bench = new ProxyBench({ callees: 1 });
    await bench.start('MESSAGE');
    await bench.cancel();
    bench.callee(0).answer(200, { method: 'MESSAGE' });
    await bench.run();
    expect(bench.callee(0).log).toEqual(['MESSAGE']);
    expect(bench.caller.log).toEqual(['200', '200']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 9.2] repeated over UDP is answered again, and sent on once', async () => {
    const bench = new ProxyBench({ callees: 1, transport: 'UDP' });
    await bench.start();
    bench.callee(0).answer(180);
    await bench.run();
    await bench.cancel();
    await bench.cancel();
    expect(bench.callee(0).log).toEqual(['INVITE', 'CANCEL']);
    expect(bench.caller.log).toEqual(['180', '200', '200']);
    bench.callee(0).answer(487);
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
