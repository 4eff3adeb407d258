import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { Endpoint } from './endpoint.ts';
import type { EndpointOptions } from './endpoint-options.ts';
import { Listeners } from './listeners.ts';
import { createSystemClock } from './system-clock.ts';
import { EventLog } from './testing/event-log.ts';
import { requestText } from './testing/messages.ts';
import { connectPlain, openDatagramPeer } from './testing/raw-peer.ts';
import { startEndpoint } from './testing/test-endpoint.ts';

const address = { host: '127.0.0.1', port: 0 };

interface ListenerError {
  readonly listener: string;
  readonly error: Error;
}

function start(options: Partial<EndpointOptions> = {}): {
  readonly endpoint: Endpoint;
  readonly errors: EventLog<ListenerError>;
} {
  const errors = new EventLog<ListenerError>();
  const endpoint = new Endpoint({
    sentBy: () => 'us.example',
    ...options,
    user: {
      onRequest: () => {},
      onAck: () => {},
      onStrayResponse: () => {},
      onListenerError: (listener, error) => errors.add({ listener, error }),
    },
  });
  onTestFinished(() => endpoint.stop());
  return { endpoint, errors };
}

describe('connections that are refused', () => {
  it.each([{ maxConnectionsPerAddress: 1 }, { maxConnections: 1 }])(
    'because of %j are an error of the listener',
    async (options) => {
      const { endpoint, errors } = start(options);
      const { port } = await endpoint.listenTcp({ name: 'tcp', ...address });
      await connectPlain(port);
      await (await connectPlain(port)).closed;
      const { listener, error } = await errors.when(() => true);
      expect([listener, error]).toEqual([
        'tcp',
        expect.objectContaining({ code: 'ERR_SIP_CONNECTIONS_REFUSED', count: 1, address: '127.0.0.1' }),
      ]);
    },
  );

  it('[TS 33.203 X.3.1 REQ 2.6] a decision about an Origin that throws refuses it, and the process lives', async () => {
    const warnings = new EventLog<Error>();
    const warn = (warning: Error): void => warnings.add(warning);
    process.on('warning', warn);
    onTestFinished(() => void process.off('warning', warn));
    const { endpoint } = start();
    const isTrustedOrigin = (origin: string): boolean => new URL(origin).host === 'ours.example';
    const options = { tls: undefined, pingIntervalMs: 30_000, isTrustedOrigin };
    const { port } = await endpoint.listenWebSocket({ name: 'ws', ...address, ...options });
    const peer = await connectPlain(port);
    peer.write(
      'GET / HTTP/1.1\r\nHost: us.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\nOrigin: null\r\n\r\n',
    );
    await peer.receive('HTTP/1.1 403 ');
    await warnings.when((warning) => warning instanceof TypeError);
  });
});

it('recvBufferSize is what a UDP socket asks for', async () => {
  const sizes = await Promise.all(
    [undefined, 8_192].map(async (recvBufferSize) => {
      const clock = createSystemClock();
      const listeners = new Listeners({ clock, recvBufferSize, track: () => {}, onError: () => {} });
      const socket = await listeners.bind('udp', address);
      const size = socket.getRecvBufferSize();
      await listeners.stop();
      return size;
    }),
  );
  const [usual = 0, small = 0] = sizes;
  expect(small).toBeGreaterThanOrEqual(8_192);
  expect(small).toBeLessThan(usual);
});

it.each([Number.NaN, -1, 65_536, 5_060.5])('[RFC 3261 19.1.1] nobody listens at port %s', async (port) => {
  const { endpoint } = start();
  const options = { name: 'any', host: '127.0.0.1', port };
  await expect(endpoint.listenUdp(options)).rejects.toThrow(TypeError);
  await expect(endpoint.listenTcp(options)).rejects.toThrow(TypeError);
});

describe('[RFC 3261 18.2.1] TCP and UDP on one port', () => {
  const names = { tcp: 'tcp', udp: 'udp' };
  /** No other test listens there. */
  const host = '127.0.0.18';
  const taken: Server[] = [];

  afterEach(async () => {
    await Promise.all(taken.splice(0).map((server) => once(server.close(), 'close')));
  });

  const take = async (): Promise<number> => {
    const server = createServer();
    taken.push(server.listen(0, host));
    await once(server, 'listening');
    const bound = server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : 0;
  };

  it('are both reached at it', async () => {
    const { endpoint, request } = startEndpoint();
    const { port } = await endpoint.listenTcpAndUdp({ names, host: '127.0.0.1', port: 0 });
    (await openDatagramPeer()).send(requestText({ method: 'OPTIONS', branch: 'z9hG4bKudp' }), port);
    expect((await request('OPTIONS')).flow).toMatchObject({ transport: 'UDP', listener: 'udp' });
    (await connectPlain(port)).write(requestText({ method: 'MESSAGE', branch: 'z9hG4bKtcp' }));
    expect((await request('MESSAGE')).flow).toMatchObject({ transport: 'TCP', listener: 'tcp' });
  });

  it('a port that is taken for one of them is left for the other too', async () => {
    const { endpoint } = start();
    const port = await take();
    const both = endpoint.listenTcpAndUdp({ names, host, port });
    await expect(both).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await endpoint.listenUdp({ name: 'udp', host, port });
  });

  it('is found where many ports are taken for one of them', async () => {
    const { endpoint } = start();
    for (let count = 0; count < 1_500; count += 1) await take();
    for (let count = 0; count < 100; count += 1) await endpoint.listenTcpAndUdp({ names, host, port: 0 });
  });
});
