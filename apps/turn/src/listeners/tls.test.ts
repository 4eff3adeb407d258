import { once } from 'node:events';
import { rmSync, symlinkSync } from 'node:fs';
import { connect as connectPlainly, type Socket } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { method } from '@wicgate/stun';
import { outcomeOf, type ServerAddress } from '@wicgate/turn-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';
import { createTestCertificates, type TestCertificates } from '../testing/test-certificates.ts';
import { type TestServer, testCredential } from '../testing/test-server.ts';

const bench = new Bench();
const sockets: Socket[] = [];
let certificates: TestCertificates;

beforeAll(async () => {
  certificates = await createTestCertificates();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await bench.close();
});
afterAll(() => certificates.remove());

describe('Clients over TLS', () => {
  it('[W.3.5] [TURN server 5] get allocations and media as others do', async () => {
    const server = await secureServer();
    const client = await bench.client('TLS', server, secureAddress(server));
    const relayed = await client.allocate(testCredential(server.clock));
    const peer = await bench.peer();
    expect(outcomeOf(await client.bind(0x4000, peer.endpoint))).toBe('success');
    client.sendOnChannel(0x4000, 'hello');
    expect(await peer.inbox.take()).toEqual({ data: 'hello', port: relayed.port });
    // Not a multiple of 4: over a stream ChannelData is padded.
    peer.send('world', relayed);
    expect(await client.received()).toContain('channel 4000: world');
    expect(outcomeOf(await client.refresh(0))).toBe('success');
  });

  it('[W.3.5] count as TLS in metrics and log', async () => {
    const server = await secureServer();
    const client = await bench.client('TLS', server, secureAddress(server));
    await client.allocate(testCredential(server.clock));
    const metrics = await server.operations.metrics.metrics();
    expect(metrics).toContain('turn_tls_connections 1');
    expect(metrics).toContain('turn_tcp_connections 0');
    expect(metrics).toContain('turn_allocations_by_kind{transport="TLS",family="IPv4"} 1');
    expect(server.log.join('')).toMatch(/"turn.allocation.created".*"flow":"TLS 127.0.0.1/);
  });

  it('[W.3.5] [TURN server 5] are served on port 443, and over TCP on port 80', async (context) => {
    const host = '127.0.44.3';
    const further = { TURN_HOST: host, TURN_FURTHER_PORTS: 'tls:443,tcp:80' };
    const server = await bench
      .server({ ...certificates.settings, ...further })
      .catch((error: { code?: string }) => (error.code === 'ERR_CONFIG_INVALID' ? undefined : Promise.reject(error)));
    if (server === undefined) return context.skip('these ports need a privilege here');
    const tls = await bench.client('TLS', server, { host, port: 443, ...certificates.trust });
    const tcp = await bench.client('TCP', server, { host, port: 80 });
    for (const client of [tls, tcp]) {
      expect(await client.allocate(testCredential(server.clock))).toMatchObject({ family: 'IPv4' });
    }
  });

  it.each([
    { name: 'TLS 1.0', options: { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } },
    { name: 'TLS 1.1', options: { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } },
  ] as const)('[W.3.1.1] [TS 33.310 E] are refused with $name', async ({ options }) => {
    const server = await secureServer();
    await expect(once(dial(server, options), 'secureConnect')).rejects.toMatchObject({
      code: expect.stringContaining('PROTOCOL_VERSION'),
    });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('[W.3.1.1] [TS 33.310 E] are served with %s', async (version) => {
    const server = await secureServer();
    const socket = dial(server, { minVersion: version, maxVersion: version });
    await once(socket, 'secureConnect');
    expect(socket.getProtocol()).toBe(version);
  });

  it('[W.3.1.3] resume their session, at another port too', async () => {
    const server = await secureServer({ TURN_TLS_PORT: '0', TURN_FURTHER_PORTS: `tls:${await freePort()}` });
    const [first, second] = server.endpoints.filter(({ transport }) => transport === 'TLS');
    const socket = dial(server, first ?? {});
    const [session] = await once(socket, 'session');
    expect(socket.isSessionReused()).toBe(false);
    const again = dial(server, { ...second, session });
    await once(again, 'secureConnect');
    expect(again.isSessionReused()).toBe(true);
  });
});

describe('TLS connections', () => {
  it('[W.3.5] that do not end their handshake are ended after 10 s', async () => {
    const server = await secureServer();
    const { port } = secureAddress(server);
    const socket = connectPlainly({ host: '127.0.0.1', port });
    sockets.push(socket);
    await once(socket, 'connect');
    await expect.poll(() => server.clock.pendingCount).toBe(2);
    server.clock.advance(9_999);
    expect(socket.closed).toBe(false);
    server.clock.advance(1);
    await once(socket, 'close');
  });

  it('without an allocation are ended after 30 s', async () => {
    const server = await secureServer();
    const client = await bench.client('TLS', server, secureAddress(server));
    expect(outcomeOf(await client.exchange(method.Binding))).toBe('success');
    server.clock.advance(30_000);
    await client.ended;
  });

  it('that send no TLS are ended, others live on', async () => {
    const server = await secureServer();
    const client = await bench.client('TLS', server, secureAddress(server));
    const bad = await bench.client('TCP', server, secureAddress(server));
    bad.sendRaw(Buffer.from('000100002112a442000102030405060708090a0b', 'hex'));
    await bad.ended;
    expect(outcomeOf(await client.exchange(method.Binding))).toBe('success');
  });

  it('of one address are bounded, unfinished handshakes and other ports among them', async () => {
    const server = await secureServer({ TURN_MAX_TCP_CONNECTIONS_PER_ADDRESS: '2' });
    const half = connectPlainly({ host: '127.0.0.1', port: secureAddress(server).port });
    sockets.push(half);
    await once(half, 'connect');
    const client = await bench.client('TCP', server);
    await (await bench.client('TCP', server)).ended;
    expect(outcomeOf(await client.exchange(method.Binding))).toBe('success');
    half.destroy();
    client.close();
    await expect
      .poll(async () =>
        outcomeOf(await (await bench.client('TLS', server, secureAddress(server))).exchange(method.Binding)),
      )
      .toBe('success');
  });
});

describe('The certificate', () => {
  it('is read again when its files change; connections live on', async () => {
    const server = await secureServer();
    const client = await bench.client('TLS', server, secureAddress(server));
    await client.allocate(testCredential(server.clock));
    const before = await fingerprint(server);
    await certificates.renew();
    expect(await fingerprint(server)).toBe(before);
    server.clock.advance(60_000);
    expect(await fingerprint(server)).not.toBe(before);
    expect(server.log.join('')).toContain('turn.certificate.renewed');
    expect(outcomeOf(await client.exchange(method.Binding))).toBe('success');
  });

  it('stays as it was while the files hold none', async () => {
    const server = await secureServer();
    const before = await fingerprint(server);
    certificates.spoil();
    server.clock.advance(60_000);
    expect(await fingerprint(server)).toBe(before);
    expect(server.log.join('')).toContain('turn.certificate.unreadable');
    await certificates.renew();
    server.clock.advance(60_000);
    expect(await fingerprint(server)).not.toBe(before);
  });

  it('stays as it was while the files cannot be looked at', async () => {
    const server = await secureServer();
    const before = await fingerprint(server);
    const path = certificates.settings.TURN_TLS_CERT_FILE;
    rmSync(path);
    symlinkSync(path, path);
    server.clock.advance(60_000);
    expect(await fingerprint(server)).toBe(before);
    expect(server.log.join('')).toContain('turn.certificate.unreadable');
    rmSync(path);
    await certificates.renew();
    server.clock.advance(60_000);
    expect(await fingerprint(server)).not.toBe(before);
  });

  it('is refused at start with a key that is not its own, by the names of both settings', async () => {
    const other = await createTestCertificates();
    const { TURN_TLS_KEY_FILE } = other.settings;
    await expect(
      bench.server({ ...certificates.settings, TURN_TLS_KEY_FILE, TURN_TLS_PORT: '0' }),
    ).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringMatching(/^TURN_TLS_CERT_FILE, TURN_TLS_KEY_FILE: .*certificate that matches the key/),
    });
    other.remove();
  });

  it('leaves no timer when the server stops', async () => {
    const server = await secureServer();
    await server.stop();
    expect(server.clock.pendingCount).toBe(0);
  });
});

function secureServer(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  return bench.server({ TURN_TLS_PORT: '0', ...certificates.settings, ...settings });
}

function secureAddress({ endpoints }: TestServer): ServerAddress {
  const endpoint = endpoints.find(({ transport }) => transport === 'TLS');
  return { host: endpoint?.host ?? '', port: endpoint?.port ?? 0, ...certificates.trust };
}

function dial(server: TestServer, options: ConnectionOptions): TLSSocket {
  const { host, port } = secureAddress(server);
  const { ca, serverName: servername } = certificates.trust;
  const socket = connect({ host, port, ca, servername, ...options });
  sockets.push(socket);
  return socket;
}

async function fingerprint(server: TestServer): Promise<string> {
  const socket = dial(server, {});
  await once(socket, 'secureConnect');
  return socket.getPeerCertificate().fingerprint256;
}

async function freePort(): Promise<number> {
  const other = await bench.server();
  await other.stop();
  return other.address.port;
}
