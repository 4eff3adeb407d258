import { randomBytes, randomInt } from 'node:crypto';
import {
  attribute,
  encodeChannelData,
  encodeMessage,
  findAttributes,
  method,
  type StunAttribute,
  TcpFramer,
} from '@wicgate/stun';
import {
  channelAttribute,
  lifetimeOf,
  outcomeOf,
  peerAttribute,
  requestedUdp,
  type TurnClient,
} from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from './testing/bench.ts';
import { EngineBench, settled } from './testing/engine-bench.ts';
import type { TestServer } from './testing/test-server.ts';

const bench = new Bench();
afterEach(() => bench.close());

const bulk = 90_000;
const overUdp = 8_000;
const overTcp = 2_000;
/** So many datagrams go out before the server is asked whether it is still there: its socket holds them all. */
const burst = 100;

/** One to four changes: a flipped bit, another octet, a cut, an insertion, a length that lies. */
function mutate(seed: Buffer): Buffer {
  let octets = Buffer.from(seed);
  for (let changes = randomInt(1, 5); changes > 0; changes -= 1) {
    const at = randomInt(0, Math.max(1, octets.length));
    const kind = randomInt(0, 5);
    if (kind === 0 && at < octets.length) octets[at] = (octets[at] ?? 0) ^ (1 << randomInt(0, 8));
    else if (kind === 1 && at < octets.length) octets[at] = randomInt(0, 256);
    else if (kind === 2) octets = octets.subarray(0, at);
    else if (kind === 3)
      octets = Buffer.concat([octets.subarray(0, at), randomBytes(randomInt(1, 9)), octets.subarray(at)]);
    else if (octets.length >= 4) octets.writeUInt16BE(randomInt(0, 0x10000), 2);
  }
  return octets;
}

type Encode = (code: number, attributes: readonly StunAttribute[], transactionId: Buffer) => Buffer;

const transactionId = randomBytes(12);
const peer = peerAttribute({ family: 'IPv4', address: '127.0.0.2', port: 9 }, transactionId);
const requests: readonly (readonly [code: number, attributes: readonly StunAttribute[]])[] = [
  [method.Allocate, [requestedUdp, lifetimeOf(600), attribute('EVEN-PORT', Buffer.from([0]))]],
  [method.Refresh, [lifetimeOf(600)]],
  [method.CreatePermission, [peer, peer]],
  [method.ChannelBind, [channelAttribute(0x4001), peer]],
  [method.Binding, []],
];
const data = attribute('DATA', randomBytes(40));
const sendIndication = encodeMessage(
  { class: 'indication', method: method.Send, transactionId, attributes: [peer, data] },
  { integrityKey: undefined, fingerprint: false },
);

/** A message mutated as a whole, or one whose attributes were mutated before it got its credentials and checks. */
function mutant(encode: Encode): Buffer {
  const [code, attributes] = pick(requests);
  const kind = randomInt(0, 5);
  if (kind === 0) return mutate(encode(code, attributes, transactionId));
  if (kind === 1) return mutate(sendIndication);
  if (kind === 2) return mutate(encodeChannelData(0x4000, randomBytes(20), true));
  if (kind === 3) return randomBytes(randomInt(0, 200));
  const changed = attributes.map((whole) => {
    const { type, value } = whole;
    return pick([whole, whole, { type, value: mutate(value) }, { type: type ^ (1 << randomInt(0, 16)), value }]);
  });
  return encode(code, changed, randomBytes(12));
}

function pick<T>(items: readonly T[]): T {
  const item = items[randomInt(0, items.length)];
  if (item === undefined) throw new TypeError('items: expected at least one');
  return item;
}

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
      client.engine.receive(client.flow, mutant(encode));
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
      for (let count = 0; count < burst; count += 1) attacker.sendRaw(mutant(encode));
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
      for (let count = 0; count < 20; count += 1) attacker.sendRaw(mutant(encode));
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
        framer.push(mutate(stream), (frame) => expect(frame.length).toBeLessThanOrEqual(16_384));
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_STUN_STREAM_OUT_OF_STEP' });
      }
    }
  });
});
