/**
 * Peers that nobody may reach through a relay unless the operator says so (RFC 8656 21.2.2).
 *
 * @module
 */
import { attribute, type Endpoint } from '@wicgate/stun';
import type { EngineCase } from './engine-case.ts';
import { expectOutcome } from './expectations.ts';
import type { Stand } from './stand.ts';

const ipv6 = attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([2, 0, 0, 0]));

const denied = [
  ['loopback', '127.0.0.1'],
  ['loopback by another name', '127.8.9.10'],
  ['this host', '0.0.0.0'],
  ['a private network', '10.1.2.3'],
  ['a private network', '172.16.0.1'],
  ['a private network', '192.168.1.1'],
  ['a network behind a carrier’s NAT', '100.64.0.1'],
  ['the metadata address of clouds', '169.254.169.254'],
  ['a multicast group', '224.0.0.251'],
  ['broadcast', '255.255.255.255'],
] as const;

const deniedIPv6 = [
  ['this host', '::'],
  ['loopback', '::1'],
  ['loopback in its IPv4-mapped form', '::ffff:7f00:1'],
  ['a private network in its IPv4-mapped form', '::ffff:a01:203'],
  ['the metadata address in its IPv4-mapped form', '::ffff:a9fe:a9fe'],
  ['loopback by NAT64', '64:ff9b::7f00:1'],
  ['loopback by 6to4', '2002:7f00:1::1'],
  ['a unique local address', 'fd00:ec2::254'],
  ['a link-local address', 'fe80::1'],
  ['a multicast group', 'ff02::1'],
] as const;

export const peerCases: readonly EngineCase[] = [
  ...denied.map(([what, address]) => ({
    clause: 'RFC 8656 9.2',
    says: `refuses ${what}, ${address}, as a peer with 403`,
    profile: 'closed' as const,
    run: async (stand: Stand) => {
      const { client } = await stand.allocated();
      await expectOutcome(client.permit({ family: 'IPv4', address, port: 80 }), 'error 403');
    },
  })),
  ...deniedIPv6.map(([what, address]) => ({
    clause: 'RFC 8656 9.2',
    says: `refuses ${what}, ${address}, as a peer with 403`,
    profile: 'closed' as const,
    run: async (stand: Stand) => {
      const { client } = await stand.allocated('UDP', [ipv6]);
      await expectOutcome(client.permit({ family: 'IPv6', address, port: 80 }), 'error 403');
    },
  })),
  {
    clause: 'RFC 8656 12.2',
    says: 'refuses a channel to a denied peer with 403',
    profile: 'closed',
    run: async (stand) => {
      const { client } = await stand.allocated();
      const peer: Endpoint = { family: 'IPv4', address: '10.1.2.3', port: 80 };
      await expectOutcome(client.bind(0x4001, peer), 'error 403');
    },
  },
  {
    clause: 'RFC 8656 9.2',
    says: 'permits nobody by a request that names one denied peer among others',
    profile: 'closed',
    run: async (stand) => {
      const { client } = await stand.allocated();
      const peers = ['8.8.8.8', '10.1.2.3'].map((address): Endpoint => ({ family: 'IPv4', address, port: 80 }));
      await expectOutcome(client.permit(...peers), 'error 403');
    },
  },
  {
    clause: 'RFC 8656 9.2',
    says: 'permits a public address',
    profile: 'closed',
    run: async (stand) => {
      const { client } = await stand.allocated();
      await expectOutcome(client.permit({ family: 'IPv4', address: '8.8.8.8', port: 80 }), 'success');
    },
  },
  {
    clause: 'RFC 8656 9.2',
    says: 'permits a public IPv6 address',
    profile: 'closed',
    run: async (stand) => {
      const { client } = await stand.allocated('UDP', [ipv6]);
      await expectOutcome(client.permit({ family: 'IPv6', address: '2a00:1450::1', port: 80 }), 'success');
    },
  },
];
