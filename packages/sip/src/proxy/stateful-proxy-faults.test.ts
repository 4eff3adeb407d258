import { describe, expect, it } from 'vitest';
import type { ForwardHooks } from './stateful-proxy.ts';
import { ProxyBench } from './testing/proxy-bench.ts';

const nothing = { contexts: 0, transactions: 0, timers: 0 };
const fault = new TypeError('a fault of the user');
const fail = (): never => {
  throw fault;
};

describe.each(['INVITE', 'MESSAGE'])('[RFC 3261 21.5.3] a hook that fails on a response to %s', (method) => {
  it.each([200, 302, 486, 603])('ends the branch when it is %i, and the request is answered', async (statusCode) => {
    const bench = new ProxyBench({ callees: 1, hooks: { onResponse: fail } });
    await bench.start(method);
    bench.callee(0).answer(statusCode, { method });
    await expect(bench.run()).rejects.toBe(fault);
    await bench.run();
    if (method === 'INVITE') await bench.acknowledge();
    expect([bench.caller.log, bench.finals]).toEqual([['502'], [502]]);
    expect(await bench.leftovers()).toEqual(nothing);
  });
});

describe('[RFC 3261 16.7] a hook that fails', () => {
  it('[RFC 3261 16.7-6] on one branch leaves the others what they are', async () => {
    const onResponse: ForwardHooks['onResponse'] = (response) => (response.statusCode === 486 ? fail() : response);
    const bench = new ProxyBench({ callees: 2, hooks: { onResponse } });
    await bench.start();
    bench.callee(0).answer(486);
    await expect(bench.run()).rejects.toBe(fault);
    expect(bench.caller.log).toEqual([]);
    bench.callee(1).answer(180);
    bench.callee(1).answer(200);
    await bench.run();
    expect(bench.caller.log).toEqual(['180', '200']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.7-5] on a provisional response ends nothing', async () => {
    const onResponse: ForwardHooks['onResponse'] = (response) => (response.statusCode === 180 ? fail() : response);
    const bench = new ProxyBench({ callees: 1, hooks: { onResponse } });
    await bench.start();
    bench.callee(0).answer(180);
    await expect(bench.run()).rejects.toBe(fault);
    bench.callee(0).answer(200);
    await bench.run();
    expect(bench.caller.log).toEqual(['200']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it('[RFC 3261 16.7-4] on a redirection leaves it a refusal', async () => {
    const bench = new ProxyBench({ callees: 1, hooks: { onRedirect: fail } });
    await bench.start();
    bench.callee(0).answer(302);
    await expect(bench.run()).rejects.toBe(fault);
    await bench.run();
    await bench.acknowledge();
    expect(bench.caller.log).toEqual(['302']);
    expect(await bench.leftovers()).toEqual(nothing);
  });

  it.each([200, 486])('[RFC 3261 16.7-9] when told that %i went upstream leaves nothing behind', async (statusCode) => {
    const bench = new ProxyBench({ callees: 2, holdsBack: true });
    await bench.start();
    const { request } = bench.held;
    const targets = bench.callees.map(({ near: flow }) => ({ request, flow }));
    bench.proxy.forward(bench.held, targets, { onFinal: fail });
    await bench.run();
    bench.callee(1).answer(486);
    await bench.run();
    bench.callee(0).answer(statusCode);
    await expect(bench.run()).rejects.toBe(fault);
    await bench.run();
    expect(bench.caller.log).toEqual([String(statusCode)]);
    expect(await bench.leftovers()).toEqual(nothing);
  });
});
