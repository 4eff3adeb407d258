import { createProcessContext, Operations } from '@wicgate/node-kit';
import { method } from '@wicgate/stun';
import { addressOf, outcomeOf } from '@wicgate/turn-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { start } from '../server.ts';
import { Bench } from '../testing/bench.ts';
import { createTestCertificates, type TestCertificates } from '../testing/test-certificates.ts';
import { testCredential, testRealm, testSecret } from '../testing/test-server.ts';
import { openListener } from './open-listener.ts';

const bench = new Bench();
let certificates: TestCertificates;

beforeAll(async () => {
  certificates = await createTestCertificates();
});
afterEach(() => bench.close());
afterAll(() => certificates.remove());

const required = { TURN_PORT: '0', TURN_REALM: testRealm, TURN_SECRET: testSecret };

describe('Further ports', () => {
  it('[W.3.5] serve clients over UDP, TCP and TLS as the usual ports do', async () => {
    const [udp, tcp, tls] = [await freePort(), await freePort(), await freePort()];
    const TURN_FURTHER_PORTS = `udp:${udp}, tcp:${tcp}, tls:${tls}`;
    const server = await bench.server({ ...certificates.settings, TURN_FURTHER_PORTS });
    const places = [
      { transport: 'UDP', port: udp },
      { transport: 'TCP', port: tcp },
      { transport: 'TLS', port: tls },
    ] as const;
    for (const { transport, port } of places) {
      const client = await bench.client(transport, server, { host: '127.0.0.1', port, ...certificates.trust });
      expect(await client.allocate(testCredential(server.clock))).toMatchObject({ family: 'IPv4' });
      // No peer of a relay is what listens here.
      expect(outcomeOf(await client.permit({ family: 'IPv4', address: '127.0.0.1', port }))).toBe('error 403');
    }
  });

  it('[RFC 8656 2.1] make another 5-tuple of the same source address', async () => {
    const port = await freePort();
    const server = await bench.server({ TURN_FURTHER_PORTS: `udp:${port}` });
    const client = await bench.client('UDP', server);
    await client.allocate(testCredential(server.clock));
    const other = await bench.client('UDP', server, { host: '127.0.0.1', port });
    await other.allocate(testCredential(server.clock));
    const keys = server.log.filter((line) => line.includes('turn.allocation.created')).map((line) => flowOf(line));
    expect(keys.map((key) => key.split(' ').at(-1))).toEqual([String(server.address.port), String(port)]);
  });

  it('[W.3.5] that are taken are named, and nothing stays open', async () => {
    const other = await bench.server();
    const config = readConfig({ ...required, TURN_FURTHER_PORTS: `tcp:${other.address.port}` });
    for (let round = 0; round < 2; round += 1) {
      await expect(start(config, silent())).rejects.toMatchObject({
        code: 'ERR_ADDRESS_IN_USE',
        message: expect.stringContaining('TURN_FURTHER_PORTS'),
      });
    }
  });

  it.each([
    'sctp:443',
    'tls',
    'tls:0',
    'tls:65536',
    'tls:443:1',
    'tls:443,tcp:443',
    'udp:443,udp:443',
    ':443',
    'TLS:443',
    Array.from({ length: 17 }, (_, at) => `udp:${400 + at}`).join(','),
  ])('[W.3.5] %s is refused', (TURN_FURTHER_PORTS) => {
    expect(() => readConfig({ ...required, ...certificates.settings, TURN_FURTHER_PORTS })).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG_INVALID',
        message: expect.stringMatching(/^TURN_FURTHER_PORTS: expected/),
      }),
    );
  });

  it.each([
    { fault: 'TLS without a certificate', settings: { TURN_TLS_PORT: '0' }, names: 'TURN_TLS_CERT_FILE' },
    {
      fault: 'a further TLS port without one',
      settings: { TURN_FURTHER_PORTS: 'tls:443' },
      names: 'TURN_TLS_CERT_FILE',
    },
    { fault: 'the usual port again', settings: { TURN_PORT: '80', TURN_FURTHER_PORTS: 'tcp:80' }, names: 'FURTHER' },
    { fault: 'a relay everywhere', settings: { TURN_RELAY_HOST_IPV6: '::' }, names: 'TURN_RELAY_HOST_IPV6' },
    {
      fault: 'a public relay nowhere',
      settings: { TURN_RELAY_PUBLIC_HOST: '0.0.0.0' },
      names: 'TURN_RELAY_PUBLIC_HOST',
    },
  ])('$fault is refused', ({ settings, names }) => {
    expect(() => readConfig({ ...required, ...settings })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining(names) }),
    );
  });

  it('[W.3.5] that need a privilege are named with what to do', async () => {
    const place = { host: '127.0.0.1', port: 443, hostSetting: 'TURN_HOST', portSetting: 'TURN_FURTHER_PORTS' };
    const denied = Object.assign(new Error('listen EACCES'), { code: 'EACCES' });
    await expect(openListener(place, () => Promise.reject(denied))).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringMatching(/^TURN_FURTHER_PORTS: .*443 needs the capability CAP_NET_BIND_SERVICE/),
    });
  });

  it('an address that is not of this machine is named', async () => {
    const config = readConfig({ ...required, TURN_HOST: '192.0.2.1' });
    await expect(start(config, silent())).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: 'TURN_HOST: expected an address of this machine',
    });
  });
});

describe.each(['UDP', 'TCP', 'TLS'] as const)('Clients of IPv6 over %s', (transport) => {
  it('[RFC 8656 5] are served on the same port as those of IPv4', async () => {
    const tls = { TURN_TLS_PORT: '0', ...certificates.settings };
    const server = await bench.server({ TURN_HOST_IPV6: '::1', ...tls });
    const ports = server.endpoints.filter((endpoint) => endpoint.transport === transport).map(({ port }) => port);
    expect([ports.length, new Set(ports).size]).toEqual([2, 1]);
    const client = await bench.client(transport, server, { host: '::1', port: ports[0] ?? 0, ...certificates.trust });
    expect(addressOf(await client.exchange(method.Binding), 'XOR-MAPPED-ADDRESS')).toMatchObject({
      family: 'IPv6',
      address: '0:0:0:0:0:0:0:1',
    });
    const relayed = await client.allocate(testCredential(server.clock));
    expect(relayed.family).toBe('IPv4');
    const peer = await bench.peer();
    await client.permit(peer.endpoint);
    client.sendTo(peer.endpoint, 'from IPv6');
    expect(await peer.inbox.take()).toEqual({ data: 'from IPv6', port: relayed.port });
  });
});

function silent(): ReturnType<typeof createProcessContext> {
  return createProcessContext('turn', { operations: new Operations(), level: 'silent' });
}

function flowOf(line: string): string {
  const { flow } = JSON.parse(line) as { readonly flow: string };
  return flow;
}

async function freePort(): Promise<number> {
  const other = await bench.server();
  await other.stop();
  return other.address.port;
}
