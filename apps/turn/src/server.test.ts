import { createProcessContext, Operations } from '@wicgate/node-kit';
import { method } from '@wicgate/stun';
import { outcomeOf } from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { start } from './server.ts';
import { Bench } from './testing/bench.ts';
import { testRealm, testSecret } from './testing/test-server.ts';

const bench = new Bench();
afterEach(() => bench.close());

describe('Server', () => {
  it('listens on UDP and TCP on one port, is ready, and ends every connection when stopped', async () => {
    const server = await bench.server();
    const [udp, tcp] = [await bench.client('UDP', server), await bench.client('TCP', server)];
    expect(outcomeOf(await udp.exchange(method.Binding))).toBe('success');
    expect(outcomeOf(await tcp.exchange(method.Binding))).toBe('success');
    await bench.allocated('TCP', server);
    await server.stop();
    await tcp.ended;
    expect(server.clock.pendingCount).toBe(0);
    await server.stop();
  });

  it.each([
    ['TURN_RELAY_HOST', '192.0.2.1'],
    ['TURN_RELAY_HOST_IPV6', '2001:db8::1'],
  ])('[RFC 8656 7.2] does not start where %s is not an address of this machine', async (setting, host) => {
    await expect(bench.server({ [setting]: host })).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining(`${setting}: expected an address of this machine`),
    });
  });

  it('says which port is taken', async () => {
    const server = await bench.server();
    const config = readConfig({
      TURN_PORT: String(server.address.port),
      TURN_REALM: testRealm,
      TURN_SECRET: testSecret,
    });
    const context = createProcessContext('turn', { operations: new Operations(), level: 'silent' });
    await expect(start(config, context)).rejects.toMatchObject({
      code: 'ERR_ADDRESS_IN_USE',
      message: expect.stringContaining('TURN_PORT'),
    });
  });

  it('says so too when UDP alone is taken, and lets go of TCP', async () => {
    const peer = await bench.peer();
    const environment = {
      TURN_PORT: String(peer.endpoint.port),
      TURN_REALM: testRealm,
      TURN_SECRET: testSecret,
    };
    const context = createProcessContext('turn', { operations: new Operations(), level: 'silent' });
    await expect(start(readConfig(environment), context)).rejects.toMatchObject({ code: 'ERR_ADDRESS_IN_USE' });
    await expect(start(readConfig(environment), context)).rejects.toMatchObject({ code: 'ERR_ADDRESS_IN_USE' });
  });
});
