/**
 * Allocations: made, kept, ended (RFC 8656 7, 8, 9).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { attribute, method, type StunAttribute } from '@wicgate/stun';
import { addressOf, lifetimeOf, outcomeOf, requestedUdp, requiredValue } from '@wicgate/turn-client';
import { expect, vi } from 'vitest';
import type { EngineCase } from './engine-case.ts';
import { expectOutcome, lifetimeIn } from './expectations.ts';
import { allocate, type Stand } from './stand.ts';

const dontFragment = 0x001a;
const nobodyKnows = 0x7fe0;
const evenPort = attribute('EVEN-PORT', Buffer.from([0]));
const evenPortAndNext = attribute('EVEN-PORT', Buffer.from([0x80]));
const ipv6 = attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([2, 0, 0, 0]));

export const allocationCases: readonly EngineCase[] = [
  {
    clause: 'RFC 8656 7.2',
    says: 'answers an Allocate sent twice with the same relayed address',
    run: async (stand) => {
      const client = await stand.challenged();
      const octets = client.encodeRequest(method.Allocate, { attributes: [requestedUdp] });
      client.sendRaw(octets);
      const first = addressOf(await client.response(), 'XOR-RELAYED-ADDRESS');
      client.sendRaw(octets);
      expect(addressOf(await client.response(), 'XOR-RELAYED-ADDRESS')).toEqual(first);
    },
  },
  {
    clause: 'RFC 8656 7.2',
    says: 'refuses a second allocation on the same 5-tuple with 437',
    run: async (stand) => {
      const { client } = await stand.allocated();
      await expectOutcome(allocate(client), 'error 437');
    },
  },
  {
    clause: 'RFC 8656 7.2',
    says: 'refuses an Allocate without REQUESTED-TRANSPORT with 400',
    run: async (stand) => {
      const client = await stand.challenged();
      await expectOutcome(client.request(method.Allocate), 'error 400');
    },
  },
  {
    clause: 'RFC 8656 7.2',
    says: 'refuses a transport that is neither UDP nor TCP with 442',
    run: async (stand) => {
      const client = await stand.challenged();
      const sctp = attribute('REQUESTED-TRANSPORT', Buffer.from([132, 0, 0, 0]));
      await expectOutcome(client.request(method.Allocate, { attributes: [sctp] }), 'error 442');
    },
  },
  {
    clause: 'RFC 8489 6.3.1',
    says: 'answers an attribute that it must understand and does not with 420, and names it',
    run: async (stand) => {
      const client = await stand.challenged();
      const strange: StunAttribute = { type: nobodyKnows, value: Buffer.alloc(4) };
      const answer = await expectOutcome(allocate(client, [strange]), 'error 420');
      expect(requiredValue(answer, 'UNKNOWN-ATTRIBUTES').readUInt16BE(0)).toBe(nobodyKnows);
    },
  },
  {
    clause: 'RFC 8489 6.3.1',
    says: 'lives with an attribute that nobody must understand',
    run: async (stand) => {
      const client = await stand.challenged();
      await expectOutcome(allocate(client, [{ type: 0xffe0, value: Buffer.alloc(4) }]), 'success');
    },
  },
  {
    clause: 'RFC 8656 7.2',
    says: 'takes DONT-FRAGMENT or says with 420 that it cannot',
    run: async (stand) => {
      const client = await stand.challenged();
      await expectOutcome(allocate(client, [{ type: dontFragment, value: Buffer.alloc(0) }]), /^success$|^error 420$/u);
    },
  },
  {
    clause: 'RFC 8656 7.2',
    says: 'gives no more than its longest lifetime',
    run: async (stand) => {
      const client = await stand.challenged(stand.credential(86_400));
      const answer = await expectOutcome(allocate(client, [lifetimeOf(80_000)]), 'success');
      expect(lifetimeIn(answer)).toBeLessThanOrEqual(3_600);
    },
  },
  {
    clause: 'RFC 8656 7.2',
    says: 'gives the lifetime that is asked for, where it is between default and longest',
    run: async (stand) => {
      const client = await stand.challenged(stand.credential(7_200));
      expect(lifetimeIn(await allocate(client, [lifetimeOf(1_800)]))).toBe(1_800);
    },
  },
  {
    clause: 'RFC 8656 8',
    says: 'extends an allocation by Refresh, several times',
    run: async (stand) => {
      const { client } = await stand.allocated();
      for (const seconds of [600, 300, 600]) {
        const answer = client.request(method.Refresh, { attributes: [lifetimeOf(seconds)] });
        expect(lifetimeIn(await expectOutcome(answer, 'success'))).toBeGreaterThan(0);
      }
      const { peer } = await stand.permitted();
      await client.permit(peer.endpoint);
      client.sendTo(peer.endpoint, 'still here');
      expect((await peer.inbox.take()).data).toBe('still here');
    },
  },
  {
    clause: 'RFC 8656 8',
    says: 'gives a lifetime with a Refresh that asks for none',
    run: async (stand) => {
      const { client } = await stand.allocated();
      const answer = await expectOutcome(client.request(method.Refresh), 'success');
      expect(lifetimeIn(answer)).toBeGreaterThan(0);
    },
  },
  {
    clause: 'RFC 8656 8',
    says: 'ends an allocation by a Refresh with lifetime 0; the next request finds none',
    run: async (stand) => {
      const { client } = await stand.allocated();
      const ended = await expectOutcome(client.request(method.Refresh, { attributes: [lifetimeOf(0)] }), 'success');
      expect(lifetimeIn(ended)).toBe(0);
      await expectOutcome(client.request(method.Refresh, { attributes: [lifetimeOf(600)] }), 'error 437');
    },
  },
  {
    clause: 'RFC 8656 8',
    says: 'closes the relayed address with its allocation: nothing reaches the client any more',
    run: async (stand) => {
      const { client, relayed, peer } = await stand.permitted();
      await client.request(method.Refresh, { attributes: [lifetimeOf(0)] });
      peer.send('too late', relayed);
      await expectOutcome(client.exchange(method.Binding), 'success');
      expect(client.unreadCount).toBe(0);
      await vi.waitFor(() => reopen(stand, relayed.port), { timeout: 1_000, interval: 50 });
    },
  },
  {
    clause: 'RFC 8656 9',
    says: 'refuses a permission where there is no allocation with 437',
    run: async (stand) => {
      const client = await stand.challenged();
      const { endpoint } = await stand.peer();
      await expectOutcome(client.permit(endpoint), 'error 437');
    },
  },
  {
    clause: 'RFC 8656 7.2',
    says: 'gives an even port where EVEN-PORT asks for one',
    run: async (stand) => {
      const { relayed } = await stand.allocated('UDP', [evenPort]);
      expect(relayed.port % 2).toBe(0);
    },
  },
  {
    clause: 'RFC 8656 7.2',
    says: 'keeps the next port for who comes with the RESERVATION-TOKEN',
    run: async (stand) => {
      const login = stand.credential();
      const answer = await expectOutcome(allocate(await stand.challenged(login), [evenPortAndNext]), 'success');
      const token = attribute('RESERVATION-TOKEN', requiredValue(answer, 'RESERVATION-TOKEN'));
      const next = await stand.challenged(login);
      const relayed = addressOf(await allocate(next, [token]), 'XOR-RELAYED-ADDRESS');
      expect(relayed.port).toBe(addressOf(answer, 'XOR-RELAYED-ADDRESS').port + 1);
    },
  },
  {
    clause: 'RFC 8656 7.2',
    says: 'refuses a RESERVATION-TOKEN that it never gave with 508',
    run: async (stand) => {
      const client = await stand.challenged();
      await expectOutcome(allocate(client, [attribute('RESERVATION-TOKEN', randomBytes(8))]), 'error 508');
    },
  },
  {
    clause: 'RFC 8656 7.2',
    says: 'refuses EVEN-PORT together with RESERVATION-TOKEN with 400',
    run: async (stand) => {
      const client = await stand.challenged();
      const token = attribute('RESERVATION-TOKEN', randomBytes(8));
      await expectOutcome(allocate(client, [evenPort, token]), 'error 400');
    },
  },
  {
    clause: 'RFC 8656 7.2',
    says: 'refuses an address family that does not exist with 440 or 400',
    run: async (stand) => {
      const client = await stand.challenged();
      const strange = attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([9, 0, 0, 0]));
      await expectOutcome(allocate(client, [strange]), /^error 4[04]0$/u);
    },
  },
  {
    clause: 'RFC 8656 7.2',
    says: 'gives an IPv6 address where REQUESTED-ADDRESS-FAMILY asks for one',
    run: async (stand) => {
      const { relayed } = await stand.allocated('UDP', [ipv6]);
      expect(relayed.family).toBe('IPv6');
    },
  },
  {
    clause: 'RFC 8656 7.2',
    says: 'refuses one allocation more than a credential may have with 486',
    profile: 'closed',
    run: async (stand) => {
      const login = stand.credential();
      const outcomes: string[] = [];
      for (let count = 0; count < 3; count += 1)
        outcomes.push(outcomeOf(await allocate(await stand.challenged(login))));
      expect(outcomes).toEqual(['success', 'success', 'error 486']);
      // Nobody else is the worse for it.
      await expectOutcome(allocate(await stand.challenged()), 'success');
    },
  },
];

/** @throws {Error} somebody still holds the port. */
async function reopen(stand: Stand, port: number): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ port, address: stand.engine.host, exclusive: true }, resolve);
  }).finally(() => socket.close());
}
