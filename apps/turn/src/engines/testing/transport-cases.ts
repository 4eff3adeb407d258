/**
 * The ways from a client to the server, and what comes on them that is not TURN (RFC 8656 3.1, TS 33.203 W.3.5).
 *
 * @module
 */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { encodeChannelData, method } from '@wicgate/stun';
import { encodeUnprotected, outcomeOf, type TurnClient } from '@wicgate/turn-client';
import { expect, vi } from 'vitest';
import type { EngineCase } from './engine-case.ts';
import { expectOutcome } from './expectations.ts';
import { allocate, type Stand } from './stand.ts';

const channel = 0x4001;
const mebioctet = 1_048_576;

export const transportCases: readonly EngineCase[] = [
  ...(['TCP', 'TLS'] as const).map((transport) => ({
    clause: transport === 'TLS' ? 'W.3.5' : 'RFC 8656 3.1',
    says: `relays both ways for a client that comes over ${transport}`,
    run: async (stand: Stand) => {
      const { client, relayed, peer } = await stand.permitted(transport);
      client.sendTo(peer.endpoint, 'to the peer');
      expect((await peer.inbox.take()).data).toBe('to the peer');
      peer.send('to the client', relayed);
      expect(await client.received()).toMatch(/^indication .*: to the client$/u);
      await expectOutcome(client.bind(channel, peer.endpoint), 'success');
      client.sendOnChannel(channel, 'odd');
      expect((await peer.inbox.take()).data).toBe('odd');
      peer.send('even', relayed);
      expect(await client.received()).toBe('channel 4001: even');
    },
  })),
  {
    clause: 'RFC 8656 12.5',
    says: 'reads messages that TCP cut into pieces',
    run: async (stand) => {
      const client = await stand.challenged(stand.credential(), 'TCP');
      await expectOutcome(allocate(client), 'success');
      await octetByOctet(client, encodeUnprotected('request', method.Binding, []));
      await expectOutcome(client.response(), 'success');
    },
  },
  {
    clause: 'RFC 8656 12.5',
    says: 'reads several messages that TCP put into one piece',
    run: async (stand) => {
      const { client, peer } = await stand.permitted('TCP');
      await client.bind(channel, peer.endpoint);
      const parts = ['one', 'three', 'seven..'].map((text) => encodeChannelData(channel, Buffer.from(text), true));
      client.sendRaw(Buffer.concat([...parts, encodeUnprotected('request', method.Binding, [])]));
      await expectOutcome(client.response(), 'success');
      for (const text of ['one', 'three', 'seven..']) expect((await peer.inbox.take()).data).toBe(text);
    },
  },
  {
    clause: 'RFC 8656 5',
    says: 'ends an allocation with its TCP connection',
    profile: 'closed',
    run: async (stand) => {
      const login = stand.credential();
      for (let count = 0; count < 2; count += 1) {
        const client = await stand.challenged(login, 'TCP');
        await expectOutcome(allocate(client), 'success');
        client.close();
      }
      await vi.waitFor(async () => expect(outcomeOf(await allocate(await stand.challenged(login)))).toBe('success'), {
        timeout: 5_000,
        interval: 100,
      });
    },
  },
  {
    clause: 'RFC 8656 3.1',
    says: 'serves a client that comes over IPv6',
    run: async (stand) => {
      const client = await stand.client('UDP', '::1');
      const relayed = await client.allocate(stand.credential());
      expect(relayed.port).toBeGreaterThan(0);
    },
  },
  {
    clause: 'RFC 8489 6.3',
    says: 'outlives 1,000 datagrams of garbage',
    run: async (stand) => {
      const client = await stand.client();
      // In portions that its buffer holds.
      for (let portion = 0; portion < 20; portion += 1) {
        for (let count = 0; count < 50; count += 1) client.sendRaw(garbage(50 * portion + count));
        client.sendRaw(encodeUnprotected('request', method.Binding, []));
        while (outcomeOf(await client.response()) !== 'success');
      }
      await servesOn(stand);
    },
  },
  {
    clause: 'RFC 8489 6.3',
    says: 'outlives headers of STUN with attributes that are none',
    run: async (stand) => {
      const client = await stand.client();
      for (let length = 0; length < 64; length += 1) {
        const message = encodeUnprotected('request', method.Allocate, [
          { type: length, value: Buffer.alloc(length, length) },
        ]);
        // The length of the attribute goes beyond the message.
        message.writeUInt16BE(0xfff0 + (length % 16), 22);
        client.sendRaw(message);
        client.sendRaw(message.subarray(0, length));
      }
      await servesOn(stand);
    },
  },
  {
    clause: 'RFC 8489 6.2.2',
    says: 'outlives garbage and requests of the web on TCP',
    run: async (stand) => {
      for (const octets of [garbage(3 * 199), Buffer.from('GET / HTTP/1.1\r\nHost: turn\r\n\r\n'), Buffer.alloc(1)]) {
        await sendAndLeave(stand, octets);
      }
      await servesOn(stand, 'TCP');
    },
  },
  {
    clause: 'RFC 8489 6.2.2',
    says: 'outlives a client that announces a message and never sends it',
    run: async (stand) => {
      const header = Buffer.alloc(20);
      header.writeUInt16BE(0x0003, 0);
      header.writeUInt16BE(0xfffc, 2);
      header.writeUInt32BE(0x2112a442, 4);
      await sendAndLeave(stand, Buffer.concat([header, Buffer.alloc(mebioctet / 16)]));
      await servesOn(stand, 'TCP');
    },
  },
];

async function servesOn(stand: Stand, transport: 'UDP' | 'TCP' = 'UDP'): Promise<void> {
  const { client, peer } = await stand.permitted(transport);
  client.sendTo(peer.endpoint, 'as before');
  expect((await peer.inbox.take()).data).toBe('as before');
}

/** The same each time, most of it with the first octets of a STUN or a ChannelData message. */
function garbage(count: number): Buffer {
  const octets = createHash('shake128', { outputLength: count % 200 || 1 })
    .update(String(count))
    .digest();
  const prefix = [Buffer.alloc(0), Buffer.from('000100082112a442', 'hex'), Buffer.from('400100ff', 'hex')][count % 3];
  return Buffer.concat([prefix ?? Buffer.alloc(0), octets]);
}

async function octetByOctet(client: TurnClient, octets: Buffer): Promise<void> {
  for (const octet of octets) {
    client.sendRaw(Buffer.from([octet]));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function sendAndLeave(stand: Stand, octets: Buffer): Promise<void> {
  const { host, port } = stand.engine;
  const socket = connect({ host, port });
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.write(octets, resolve));
  socket.destroy();
}
