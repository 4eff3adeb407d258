import { attribute, method } from '@wicgate/stun';
import { outcomeOf, requestedUdp, requiredValue } from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';

const bench = new Bench();
afterEach(() => bench.close());

const dontFragment = attribute('DONT-FRAGMENT', Buffer.alloc(0));

describe('Attributes that a server must understand and does not', () => {
  it.each(['Binding', 'Allocate', 'Refresh', 'CreatePermission', 'ChannelBind'] as const)(
    '[RFC 8489 6.3.1] [RFC 8489 14.13] in %s get 420 with their list',
    async (name) => {
      const server = await bench.server();
      const { client } = await bench.allocated('UDP', server);
      const other = await bench.client('UDP', server);
      other.login = client.login;
      other.realm = client.realm;
      const challenge = await other.exchange(method.Allocate, [requestedUdp]);
      other.nonce = requiredValue(challenge, 'NONCE').toString();
      // An Allocate on a 5-tuple of its own, the others where there is an allocation.
      const asking = name === 'Allocate' ? other : client;
      const attributes = [requestedUdp, { type: 0x7abc, value: Buffer.alloc(1) }, dontFragment];
      const answer = await asking.request(method[name], { attributes });
      expect(outcomeOf(answer)).toBe('error 420');
      expect(requiredValue(answer, 'UNKNOWN-ATTRIBUTES').toString('hex')).toBe('7abc001a');
    },
  );

  it.each(['Allocate', 'Refresh', 'CreatePermission', 'ChannelBind'] as const)(
    '[RFC 8489 9.2.4] in %s are not told of to who is not known',
    async (name) => {
      const server = await bench.server();
      const client = await bench.client('UDP', server);
      expect(outcomeOf(await client.exchange(method[name], [requestedUdp, dontFragment]))).toBe('error 401');
    },
  );

  it('[RFC 8656 11.2] [RFC 8656 18.9] a Send indication with DONT-FRAGMENT is dropped', async () => {
    const server = await bench.server();
    const { client, relayed } = await bench.allocated('UDP', server);
    const peer = await bench.peer();
    await client.permit(peer.endpoint);
    client.sendTo(peer.endpoint, 'whole or not at all', [dontFragment]);
    client.sendTo(peer.endpoint, 'as it comes');
    expect(await peer.inbox.take()).toEqual({ data: 'as it comes', port: relayed.port });
    expect(peer.inbox.size).toBe(0);
  });
});
