import { method } from '@wicgate/stun';
import { encodeUnprotected } from '@wicgate/turn-client';
import { describe, expect, it } from 'vitest';
import { RelayPortsExhausted } from './errors.ts';
import { EngineBench, settled } from './testing/engine-bench.ts';

describe('An Allocate request whose relay is being opened', () => {
  it('[RFC 8656 7.2] is not served twice when it is retransmitted; another one gets 437', async () => {
    const bench = new EngineBench();
    const [first, other] = [await bench.allocateRequest(), await bench.allocateRequest()];
    for (const octets of [first, first, other]) bench.engine.receive(bench.flow, octets);
    await settled();
    expect([bench.opening.length, bench.answers]).toEqual([1, ['error 437']]);
    bench.opening[0]?.resolve(bench.relay);
    await settled();
    bench.engine.receive(bench.flow, first);
    await settled();
    expect(bench.answers).toEqual(['error 437', 'success', 'success']);
  });

  it.each(['closed', 'stop'] as const)('[RFC 8656 5] leaves nothing behind after %s', async (end) => {
    const bench = new EngineBench();
    bench.engine.receive(bench.flow, await bench.allocateRequest());
    await settled();
    bench.engine[end](bench.flow);
    bench.opening[0]?.resolve(bench.relay);
    await settled();
    expect([bench.closedCount, bench.engine.allocations.size, bench.answers]).toEqual([1, 0, []]);

    bench.engine.receive(bench.flow, await bench.allocateRequest());
    await settled();
    bench.opening[1]?.resolve(bench.relay);
    await settled();
    expect(bench.answers).toEqual(['success']);
  });

  it('[RFC 8656 7.2] gets 508 when no port is free, and gives its place back', async () => {
    const bench = new EngineBench();
    bench.engine.receive(bench.flow, await bench.allocateRequest());
    await settled();
    bench.opening[0]?.reject(new RelayPortsExhausted());
    await settled();
    expect(bench.answers).toEqual(['error 508']);
    bench.engine.receive(bench.flow, await bench.allocateRequest());
    await settled();
    bench.opening[1]?.resolve(bench.relay);
    await settled();
    expect(bench.answers).toEqual(['success']);
  });

  it('[X.5.2.2-7] [TURN server 3] comes to nothing if its credential is revoked meanwhile', async () => {
    const bench = new EngineBench();
    bench.engine.receive(bench.flow, await bench.allocateRequest());
    await settled();
    const [tid = ''] = bench.login.username.split(':');
    bench.revocations.add(tid, bench.clock.now() / 1_000 + 600, bench.clock.now());
    bench.opening[0]?.resolve(bench.relay);
    await settled();
    expect([bench.engine.allocations.size, bench.closedCount, bench.clock.pendingCount]).toEqual([0, 1, 0]);
    expect(bench.answers).toEqual(['error 401']);
  });

  it('reports a defect of the relay and lives', async () => {
    const bench = new EngineBench();
    bench.engine.receive(bench.flow, await bench.allocateRequest());
    await settled();
    bench.opening[0]?.reject(new Error('no such device'));
    await settled();
    expect(bench.log.join('')).toContain('turn.engine.failed');
    bench.engine.receive(bench.flow, encodeUnprotected('request', method.Binding, []));
    expect(bench.answers).toEqual(['success']);
  });
});

describe('An allocation', () => {
  it('[RFC 8489 10] [RFC 8656 7.2] whose answer was lost is told again while the server is drained', async () => {
    const bench = new EngineBench();
    const [first, other] = [await bench.allocateRequest(), await bench.allocateRequest()];
    bench.engine.receive(bench.flow, first);
    await settled();
    bench.drain.begin();
    bench.engine.receive(bench.flow, first);
    bench.opening[0]?.resolve(bench.relay);
    await settled();
    for (const octets of [first, other]) bench.engine.receive(bench.flow, octets);
    await settled();
    expect(bench.answers).toEqual(['success', 'success', 'error 437']);
  });

  it('[RFC 8656 3.2] leaves no timer when it ends', async () => {
    const bench = new EngineBench();
    bench.engine.receive(bench.flow, await bench.allocateRequest());
    await settled();
    bench.opening[0]?.resolve(bench.relay);
    await settled();
    expect([bench.engine.allocations.size, bench.clock.pendingCount]).toEqual([1, 1]);
    bench.clock.advance(600_000);
    expect([bench.engine.allocations.size, bench.clock.pendingCount, bench.closedCount]).toEqual([0, 0, 1]);
  });
});
