import { randomBytes, randomInt } from 'node:crypto';
import { encodeChannelData, findAttributes, method, TcpFramer } from '@wicgate/stun';
import { outcomeOf, requestedUdp, type TurnClient } from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from './testing/bench.ts';
import { EngineBench, settled } from './testing/engine-bench.ts';
import { type Encode, Mutants } from './testing/mutants.ts';
import type { TestServer } from './testing/test-server.ts';

const bench = new Bench();
afterEach(() => bench.close());

const bulk = 20_000;
const overUdp = 4_000;
const overTcp = 2_000;
/** So many datagrams go out before the server is asked whether it is still there: its socket holds them all. */
const burst = 100;

const mutants = new Mutants((limit) => randomInt(limit));

function encodeBy(client: TurnClient): Encode {
  return (code, attributes, id) => client.encodeRequest(code, { attributes, transactionId: id });
}

/** A relay that was there before still works, and the server found no defect of its own. */
async function expectAlive(server: TestServer): Promise<void> {
  const { client, relayed } = await bench.allocated('UDP', server);
  const peer = await bench.peer();
  await client.bind(0x4000, peer.endpoint);
  client.sendOnChannel(0x4000, 'alive');
  expect(await peer.inbox.take()).toEqual({ data: 'alive', port: relayed.port });
  expect(server.log.filter((line) => line.includes('turn.engine.failed'))).toEqual([]);
}

describe('Mutated messages', () => {
  it(`[RFC 8489 6.3] ${bulk} of them are served, refused or dropped, nothing else`, async () => {
    const client = new EngineBench();
    await client.learnNonce();
    const encode: Encode = (code, attributes, id) => client.encodeRequest(code, attributes, id);
    for (let count = 0; count < bulk; count += 1) {
      client.engine.receive(client.flow, mutants.message(encode));
      for (const { resolve } of client.opening.splice(0)) resolve(client.relay);
      if (count % 5 === 0) await settled();
      if (count % 100 === 0) client.engine.closed(client.flow);
      if (count % 100 === 50)
        client.engine.receive(client.flow, encode(method.Allocate, [requestedUdp], randomBytes(12)));
    }
    await settled();
    expect(client.log.filter((line) => line.includes('turn.engine.failed'))).toEqual([]);
    const outcomes = ['success', 'error 400', 'error 403', 'error 420', 'error 437', 'error 442'];
    expect([...new Set(client.answers)]).toEqual(expect.arrayContaining(outcomes));
    expect(client.engine.traffic.dropped.get('malformed')).toBeGreaterThan(bulk / 10);
  });

  it(`[RFC 8656 5] ${overUdp} datagrams leave the listener, a relay and the memory as they were`, async () => {
    const server = await bench.server();
    const { client, relayed } = await bench.allocated('UDP', server);
    const peer = await bench.peer();
    await client.bind(0x4000, peer.endpoint);
    const attacker = await bench.client('UDP', server);
    await attacker.allocate(client.login ?? { username: '', password: '' });
    const encode = encodeBy(attacker);
    const before = process.memoryUsage().rss;
    for (let sent = 0; sent < overUdp; sent += burst) {
      for (let count = 0; count < burst; count += 1) attacker.sendRaw(mutants.message(encode));
      client.sendOnChannel(0x4000, 'alive');
      expect(await peer.inbox.take()).toEqual({ data: 'alive', port: relayed.port });
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1_048_576);
    await expectAlive(server);
  });

  it(`[RFC 8656 12.5] ${overTcp} messages over TCP end connections, not the server`, async () => {
    const server = await bench.server();
    const { client, relayed } = await bench.allocated('TCP', server);
    const peer = await bench.peer();
    await client.bind(0x4000, peer.endpoint);
    for (let sent = 0; sent < overTcp; sent += 20) {
      const attacker = await bench.client('TCP', server);
      await attacker.challenge(client.login ?? { username: '', password: '' });
      const encode = encodeBy(attacker);
      for (let count = 0; count < 20; count += 1) attacker.sendRaw(mutants.message(encode));
      attacker.close();
      client.sendOnChannel(0x4000, 'alive');
      expect(await peer.inbox.take()).toEqual({ data: 'alive', port: relayed.port });
    }
    await expectAlive(server);
    expect(outcomeOf(await client.request(method.Refresh))).toBe('success');
  });

  it('[RFC 8656 15] what peers send cannot hurt: datagrams of any length and content', async () => {
    const server = await bench.server();
    const { client, relayed } = await bench.allocated('UDP', server);
    const peer = await bench.peer();
    await client.permit(peer.endpoint);
    for (const length of [0, 1, 2, 3, 4, 19, 20, 1_500, 9_000, 60_000]) {
      peer.send(randomBytes(length), relayed);
      const message = await client.response();
      expect(outcomeOf(message)).toBe('indication');
      expect(findAttributes(message, 'DATA')[0]?.length).toBe(length);
    }
    await expectAlive(server);
  });

  it('takes frames of a mutated stream only as long as it can follow', () => {
    const stream = Buffer.concat(Array.from({ length: 50 }, () => encodeChannelData(0x4000, randomBytes(30), true)));
    for (let count = 0; count < 1_000; count += 1) {
      const framer = new TcpFramer();
      try {
        framer.push(mutants.mutate(stream), (frame) => expect(frame.length).toBeLessThanOrEqual(16_384));
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_STUN_STREAM_OUT_OF_STEP' });
      }
    }
  });
});
