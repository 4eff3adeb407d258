import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdentities } from './testing/identities.ts';
import { requestText } from './testing/messages.ts';
import { mutations } from './testing/mutations.ts';
import { connectPlain, connectSecure, openDatagramPeer, type RawPeer } from './testing/raw-peer.ts';
import { startEndpoint } from './testing/test-endpoint.ts';
import { connectWebSocket, trustedOrigin } from './testing/web-socket-peer.ts';

const { one, two } = await createIdentities();
const address = { host: '127.0.0.1', port: 0 };
const count = 2_000;
const ok = 'SIP/2.0 200 OK';
const base = requestText({
  method: 'MESSAGE',
  via: 'SIP/2.0/TCP pc.example;branch=z9hG4bKmutated;rport',
  headers: [
    'Max-Forwards: 70',
    'Route: <sip:orig@127.0.0.1:5060;transport=tls;lr>, "quoted, name" <sip:next.example;lr>',
    'Contact: <sip:alice@pc.example;transport=ws>;+sip.instance="<urn:uuid:1>";reg-id=1;expires=600',
    'Authorization: Digest username="alice@ims.example",realm="ims.example",nonce="",response=""',
  ],
  body: 'a body of some length',
});

// Faults of the endpoint's own would end the process; here they would end the test run.
const uncaught: unknown[] = [];
const note = (error: unknown): void => void uncaught.push(error);
beforeAll(() => void process.on('uncaughtException', note).on('unhandledRejection', note));
afterAll(() => void process.off('uncaughtException', note).off('unhandledRejection', note));

async function start() {
  const test = startEndpoint();
  const { endpoint } = test;
  const tcp = await endpoint.listenTcp({ name: 'tcp', ...address });
  const other = await connectPlain(tcp.port);
  other.write(requestText());
  await other.receive(ok);
  /** Another connection goes on, and nobody noticed a thing. */
  const check = async (): Promise<void> => {
    other.write(requestText({ branch: 'z9hG4bKafter' }));
    await other.receiveTimes(ok, 2);
    expect(uncaught).toEqual([]);
  };
  return { ...test, tcp, check };
}

/** Each on a connection of its own where the one before broke. */
async function sendAll(connect: () => Promise<RawPeer>, seed: number): Promise<void> {
  let peer = await connect();
  for (const octets of mutations(base, count, seed)) {
    if (peer.socket.destroyed || !peer.socket.writable) peer = await connect();
    peer.write(octets);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  const last = await connect();
  last.write(requestText({ branch: 'z9hG4bKlast' }));
  await last.receive(ok);
}

describe(`${count} mutated messages`, () => {
  it('over TCP', async () => {
    const { tcp, check } = await start();
    await sendAll(() => connectPlain(tcp.port), 1);
    await check();
  });

  it('over mutual TLS', async () => {
    const { endpoint, check } = await start();
    const { port } = await endpoint.listenTls({ name: 'tls', ...address, tls: one });
    const client = { ca: one.ca, cert: two.cert, key: two.key, servername: 'one.ims.example' };
    await sendAll(() => connectSecure(port, client), 2);
    await check();
  });

  it('over UDP', async () => {
    const { endpoint, check } = await start();
    const { port } = await endpoint.listenUdp({ name: 'udp', ...address });
    const peer = await openDatagramPeer();
    const via = 'SIP/2.0/UDP pc.example;branch=z9hG4bKlast;rport';
    for (const octets of mutations(base, count, 3)) {
      peer.send(octets, port);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    peer.send(requestText({ via }), port);
    await peer.texts.when((text) => text.startsWith(ok) && text.includes('branch=z9hG4bKlast'));
    await check();
  });

  it('over a WebSocket, of which none breaks the connection', async () => {
    const { endpoint, check } = await start();
    const isTrustedOrigin = (origin: string): boolean => origin === trustedOrigin;
    const w2 = { name: 'w2', ...address, tls: one, pingIntervalMs: 30_000, isTrustedOrigin };
    const { port } = await endpoint.listenWebSocket(w2);
    const peer = await connectWebSocket(port);
    for (const octets of mutations(base, count, 4)) peer.socket.send(octets, { binary: true });
    peer.socket.send(requestText({ via: 'SIP/2.0/WSS wic.invalid;branch=z9hG4bKlast' }));
    await peer.frame(({ text }) => text.startsWith(ok) && text.includes('branch=z9hG4bKlast'));
    await check();
  });

  it('in the place of a TLS handshake and of an upgrade', async () => {
    const { endpoint, check } = await start();
    const isTrustedOrigin = (): boolean => true;
    const { port } = await endpoint.listenWebSocket({
      name: 'w2',
      ...address,
      tls: one,
      pingIntervalMs: 30_000,
      isTrustedOrigin,
    });
    const upgrade = `GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: ${trustedOrigin}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
    for (const octets of mutations(upgrade, 100, 5)) {
      const secured = await connectSecure(port, { ca: one.ca, servername: 'one.ims.example' });
      secured.write(octets);
      secured.socket.end();
      const plain = await connectPlain(port);
      plain.write(octets);
      plain.socket.end();
      await Promise.all([secured.closed, plain.closed]);
    }
    await check();
  });
});
