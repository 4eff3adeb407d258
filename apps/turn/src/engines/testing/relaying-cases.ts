/**
 * Application data, permissions and channels (RFC 8656 9, 11, 12).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { attribute, type Endpoint, encodeMessage, method } from '@wicgate/stun';
import { peerAttribute } from '@wicgate/turn-client';
import { expect } from 'vitest';
import type { EngineCase } from './engine-case.ts';
import { expectOutcome } from './expectations.ts';
import type { Allocated, Stand } from './stand.ts';

const channel = 0x4001;
const ipv6 = attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([2, 0, 0, 0]));

export const relayingCases: readonly EngineCase[] = [
  {
    clause: 'RFC 8656 11.2',
    says: 'sends on what a Send indication carries',
    run: async (stand) => {
      const { client, relayed, peer } = await stand.permitted();
      client.sendTo(peer.endpoint, 'to the peer');
      expect(await peer.inbox.take()).toEqual({ data: 'to the peer', port: relayed.port });
    },
  },
  {
    clause: 'RFC 8656 11.3',
    says: 'brings a datagram of a peer as a Data indication',
    run: async (stand) => {
      const { client, relayed, peer } = await stand.permitted();
      peer.send('to the client', relayed);
      expect(await client.received()).toBe(`indication from ${addressOf(peer.endpoint)}: to the client`);
    },
  },
  {
    clause: 'RFC 8656 9.1',
    says: 'drops what a client sends to a peer without permission',
    run: async (stand) => {
      const { client, peer } = await stand.allocated();
      client.sendTo(peer.endpoint, 'not permitted');
      await client.permit(peer.endpoint);
      client.sendTo(peer.endpoint, 'permitted');
      expect((await peer.inbox.take()).data).toBe('permitted');
    },
  },
  {
    clause: 'RFC 8656 9.1',
    says: 'drops what a peer without permission sends',
    run: async (stand) => {
      const { client, relayed, peer } = await stand.permitted();
      const stranger = await stand.peer('127.0.0.2');
      stranger.send('not permitted', relayed);
      peer.send('permitted', relayed);
      expect(await client.received()).toMatch(/: permitted$/u);
    },
  },
  {
    clause: 'RFC 8656 9.2',
    says: 'permits several peers by one request',
    run: async (stand) => {
      const { client } = await stand.allocated();
      const peers = [await stand.peer(), await stand.peer()];
      await expectOutcome(client.permit(...peers.map(({ endpoint }) => endpoint)), 'success');
      for (const { endpoint } of peers) client.sendTo(endpoint, 'hello');
      for (const { inbox } of peers) expect((await inbox.take()).data).toBe('hello');
    },
  },
  {
    clause: 'RFC 8656 9.2',
    says: 'refuses a CreatePermission that names no peer with 400',
    run: async (stand) => {
      const { client } = await stand.allocated();
      await expectOutcome(client.permit(), 'error 400');
    },
  },
  {
    clause: 'RFC 8656 12.4',
    says: 'sends on what comes on a channel',
    run: async (stand) => {
      const { client, peer, relayed } = await bound(stand);
      client.sendOnChannel(channel, 'on a channel');
      expect(await peer.inbox.take()).toEqual({ data: 'on a channel', port: relayed.port });
    },
  },
  {
    clause: 'RFC 8656 12.6',
    says: 'brings a datagram of a peer with a channel on that channel',
    run: async (stand) => {
      const { client, relayed, peer } = await bound(stand);
      peer.send('on a channel', relayed);
      expect(await client.received()).toBe('channel 4001: on a channel');
    },
  },
  {
    clause: 'RFC 8656 12.1',
    says: 'binds a channel again to its peer',
    run: async (stand) => {
      const { client, peer } = await bound(stand);
      await expectOutcome(client.bind(channel, peer.endpoint), 'success');
    },
  },
  {
    clause: 'RFC 8656 12.2',
    says: 'refuses a channel that is bound to another peer with 400',
    run: async (stand) => {
      const { client } = await bound(stand);
      await expectOutcome(client.bind(channel, (await stand.peer()).endpoint), 'error 400');
    },
  },
  {
    clause: 'RFC 8656 12.2',
    says: 'refuses a second channel for a peer with 400',
    run: async (stand) => {
      const { client, peer } = await bound(stand);
      await expectOutcome(client.bind(channel + 1, peer.endpoint), 'error 400');
    },
  },
  ...[0x3fff, 0x8000].map((number) => ({
    clause: 'RFC 8656 12',
    says: `refuses 0x${number.toString(16)}, which is no channel number, with 400`,
    run: async (stand: Stand) => {
      const { client, peer } = await stand.allocated();
      await expectOutcome(client.bind(number, peer.endpoint), 'error 400');
    },
  })),
  {
    clause: 'RFC 8656 12',
    says: 'refuses 0x5000, which was a channel number of RFC 5766 and is none of RFC 8656, with 400',
    run: async (stand) => {
      const { client, peer } = await stand.allocated();
      await expectOutcome(client.bind(0x5000, peer.endpoint), 'error 400');
    },
  },
  {
    clause: 'RFC 8656 12.4',
    says: 'drops what comes on a channel that is not bound',
    run: async (stand) => {
      const { client, peer } = await bound(stand);
      client.sendOnChannel(channel + 1, 'nowhere');
      client.sendOnChannel(channel, 'somewhere');
      expect((await peer.inbox.take()).data).toBe('somewhere');
    },
  },
  ...['', 'x'].map((data) => ({
    clause: 'RFC 8656 11.3',
    says: `brings a datagram of ${data.length} octets, and the next`,
    run: async (stand: Stand) => {
      const { client, relayed, peer } = await stand.permitted();
      peer.send(data, relayed);
      peer.send('the next', relayed);
      expect(await client.received()).toBe(`indication from ${addressOf(peer.endpoint)}: ${data}`);
      expect(await client.received()).toMatch(/: the next$/u);
    },
  })),
  ...['', 'x'].map((data) => ({
    clause: 'RFC 8656 12.6',
    says: `brings a datagram of ${data.length} octets on a channel, and the next`,
    run: async (stand: Stand) => {
      const { client, relayed, peer } = await bound(stand);
      peer.send(data, relayed);
      peer.send('the next', relayed);
      expect(await client.received()).toBe(`channel 4001: ${data}`);
      expect(await client.received()).toBe('channel 4001: the next');
    },
  })),
  {
    clause: 'RFC 8656 11.3',
    says: 'brings a datagram that looks like ChannelData as it is',
    run: async (stand) => {
      const { client, relayed, peer } = await stand.permitted();
      const data = Buffer.from([0x40, 0x01, 0, 2, 0x68, 0x69]);
      peer.send(data, relayed);
      expect(await client.received()).toBe(`indication from ${addressOf(peer.endpoint)}: ${data}`);
    },
  },
  {
    clause: 'RFC 8656 11',
    says: 'relays 1,200 octets both ways',
    run: async (stand) => {
      const { client, relayed, peer } = await bound(stand);
      const data = 'm'.repeat(1_200);
      client.sendOnChannel(channel, data);
      expect((await peer.inbox.take()).data).toBe(data);
      peer.send(data, relayed);
      expect(await client.received()).toBe(`channel 4001: ${data}`);
    },
  },
  {
    clause: 'RFC 8656 11',
    says: 'relays between two of its own relayed addresses',
    run: async (stand) => {
      const [alice, bob] = [await stand.allocated(), await stand.allocated()];
      await alice.client.permit(bob.relayed);
      await bob.client.permit(alice.relayed);
      alice.client.sendTo(bob.relayed, 'over two relays');
      expect(await bob.client.received()).toBe(`indication from ${addressOf(alice.relayed)}: over two relays`);
    },
  },
  {
    clause: 'RFC 8656 7.2',
    says: 'relays to an IPv6 peer from an IPv6 relayed address',
    run: async (stand) => {
      const client = await stand.client();
      const relayed = await client.allocate(stand.credential(), [ipv6]);
      const peer = await stand.peer('::1');
      await expectOutcome(client.permit(peer.endpoint), 'success');
      client.sendTo(peer.endpoint, 'over IPv6');
      expect(await peer.inbox.take()).toEqual({ data: 'over IPv6', port: relayed.port });
    },
  },
  {
    clause: 'RFC 8656 9.2',
    says: 'refuses a peer of another address family with 443',
    run: async (stand) => {
      const { client } = await stand.allocated();
      const peer: Endpoint = { family: 'IPv6', address: '2001:db9::1', port: 9 };
      await expectOutcome(client.permit(peer), 'error 443');
    },
  },
  {
    clause: 'RFC 8656 11.2',
    says: 'drops a Send indication without DATA',
    run: async (stand) => {
      const { client, peer } = await stand.permitted();
      client.sendRaw(sendIndicationWithoutData(peer.endpoint));
      client.sendTo(peer.endpoint, 'with data');
      expect((await peer.inbox.take()).data).toBe('with data');
    },
  },
];

async function bound(stand: Stand): Promise<Allocated> {
  const allocated = await stand.allocated();
  await expectOutcome(allocated.client.bind(channel, allocated.peer.endpoint), 'success');
  return allocated;
}

function sendIndicationWithoutData(peer: Endpoint): Buffer {
  const transactionId = randomBytes(12);
  const attributes = [peerAttribute(peer, transactionId)];
  const message = { class: 'indication', method: method.Send, transactionId, attributes } as const;
  return encodeMessage(message, { integrityKey: undefined, fingerprint: false });
}

function addressOf({ address, port }: Endpoint): string {
  return `${address}:${port}`;
}
