import { createServer } from 'node:net';
import { createResponse, type SipError } from '@wicgate/sip';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Endpoint } from './endpoint.ts';
import { EventLog } from './testing/event-log.ts';
import { createIdentities } from './testing/identities.ts';
import { createRequest, requestText } from './testing/messages.ts';
import { connectPlain, connectSecure, openDatagramPeer } from './testing/raw-peer.ts';
import { startEndpoint } from './testing/test-endpoint.ts';
import { connectWebSocket, trustedOrigin, upgradeStatus } from './testing/web-socket-peer.ts';

const { one, two } = await createIdentities();
const address = { host: '127.0.0.1', port: 0 };
const webSocket = { tls: one, pingIntervalMs: 30_000, isTrustedOrigin: (origin: string) => origin === trustedOrigin };

describe('stop', () => {
  it('ends within 2 s with every kind of connection open, and leaves no transaction and no timer', async () => {
    const { endpoint, request } = startEndpoint({ answer: () => {} });
    const tcp = await endpoint.listenTcp({ name: 'tcp', ...address });
    const tls = await endpoint.listenTls({ name: 'tls', ...address, tls: one });
    const udp = await endpoint.listenUdp({ name: 'udp', ...address });
    const w2 = await endpoint.listenWebSocket({ name: 'w2', ...address, ...webSocket });
    const remote = startEndpoint();
    const remotePort = (await remote.endpoint.listenTls({ name: 'tls', ...address, tls: two })).port;
    const remoteTcp = await remote.endpoint.listenTcp({ name: 'tcp', ...address });
    const remoteWs = await remote.endpoint.listenWebSocket({ name: 'ws', ...address, ...webSocket, tls: undefined });
    await endpoint.connectTcp({ ...address, port: remoteTcp.port, keepAliveMs: 1_000 });
    await endpoint.connectWebSocket({ url: `ws://127.0.0.1:${remoteWs.port}/`, origin: trustedOrigin });
    await endpoint.connectUdp({ host: '127.0.0.1', port: 9 });
    await endpoint.connectTls({ ...address, port: remotePort, tls: one, serverName: 'two.ims.example' });
    // One that never sends, one that never shakes hands, one that never reads, one that never closes.
    await connectPlain(tcp.port);
    await connectPlain(tls.port);
    const deaf = await connectSecure(tls.port, {
      ca: one.ca,
      cert: two.cert,
      key: two.key,
      servername: 'one.ims.example',
    });
    deaf.write(requestText({ method: 'INVITE' }));
    const { flow } = await request('INVITE');
    deaf.socket.pause();
    for (let sent = 0; sent < 9; sent += 1) void flow.send({ ...createRequest(), body: new Uint8Array(100_000) });
    const stubborn = await connectWebSocket(w2.port);
    stubborn.socket.pause();
    (await openDatagramPeer()).send(requestText({ method: 'MESSAGE' }), udp.port);
    await request('MESSAGE');

    const before = performance.now();
    await endpoint.stop();
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(endpoint.connections).toBe(0);
    await expect(upgradeStatus(w2.port)).rejects.toThrow();
    await expect(
      endpoint.connectTls({ ...address, port: remotePort, tls: one, serverName: 'two.ims.example' }),
    ).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED' });
  });

  it('[RFC 6455 7.4.1] tells WebSocket peers 1001', async () => {
    const { endpoint } = startEndpoint();
    const { port } = await endpoint.listenWebSocket({ name: 'w2', ...address, ...webSocket });
    const peer = await connectWebSocket(port);
    await endpoint.stop();
    expect(await peer.closed).toBe(1001);
  });

  it('ends connections that are being opened', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const bound = silent.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const { endpoint } = startEndpoint();
    const opening = endpoint.connectTls({ ...address, port, tls: one, serverName: 'two.ims.example' });
    const refused = expect(opening).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED' });
    await endpoint.stop();
    await refused;
    silent.close();
  });

  it('keeps listeners that are being opened from staying open', async () => {
    const { endpoint } = startEndpoint();
    const opening = Promise.all([
      endpoint.listenTcp({ name: 'tcp', ...address }),
      endpoint.listenUdp({ name: 'udp', ...address }),
    ]).catch(() => []);
    await endpoint.stop();
    const [tcp] = await opening;
    if (tcp === undefined) return;
    const peer = await connectPlain(tcp.port);
    await peer.closed;
  });

  it('may be called twice', async () => {
    const { endpoint } = startEndpoint();
    await endpoint.listenTcp({ name: 'tcp', ...address });
    await Promise.all([endpoint.stop(), endpoint.stop()]);
  });
});

describe('listeners', () => {
  it.each(['listenTcp', 'listenUdp'] as const)('%s: a port in use is the caller’s to know', async (listen) => {
    const { endpoint } = startEndpoint();
    const { port } = await endpoint[listen]({ name: 'first', ...address });
    await expect(endpoint[listen]({ name: 'second', ...address, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('a user that fails', () => {
  it('[RFC 3261 21.5.1] ends its request with 500, and the process lives', async () => {
    const { endpoint, fault } = startEndpoint({
      answer: () => {
        throw new TypeError('a fault of the user');
      },
    });
    const { port } = await endpoint.listenTcp({ name: 'tcp', ...address });
    const peer = await connectPlain(port);
    peer.write(requestText());
    await peer.receive('SIP/2.0 500 ');
    const { error } = await fault('ERR_SIP_PROCESSING_FAILED');
    expect(error.cause).toBeInstanceOf(TypeError);
    peer.write(requestText({ branch: 'z9hG4bK2' }));
    await peer.receiveTimes('SIP/2.0 500 ', 2);
  });

  it('when told of a connection is a fault, and the process lives', async () => {
    const faults = new EventLog<SipError>();
    const fail = (): never => {
      throw new TypeError('a fault of the user');
    };
    const endpoint = new Endpoint({
      sentBy: () => 'us.example',
      user: {
        onRequest: () => {},
        onAck: () => {},
        onStrayResponse: () => {},
        onFlowOpened: fail,
        onFlowClosed: fail,
        onFault: (_flow, error) => faults.add(error),
      },
    });
    onTestFinished(() => endpoint.stop());
    const { port } = await endpoint.listenTcp({ name: 'tcp', ...address });
    const peer = await connectPlain(port);
    // Told of its end as well, since a user that has failed cannot keep it.
    await peer.closed;
    await faults.when(() => faults.all.length === 2);
    expect(faults.all.map((error) => 'code' in error && error.code)).toEqual([
      'ERR_SIP_PROCESSING_FAILED',
      'ERR_SIP_PROCESSING_FAILED',
    ]);
    expect(endpoint.connections).toBe(0);
  });

  it('after its answer changes nothing', async () => {
    const { endpoint, fault } = startEndpoint({
      answer: (transaction) => {
        transaction.respond(createResponse(transaction.request, 202));
        throw new TypeError('a fault of the user');
      },
    });
    const { port } = await endpoint.listenTcp({ name: 'tcp', ...address });
    const peer = await connectPlain(port);
    peer.write(requestText());
    await fault('ERR_SIP_PROCESSING_FAILED');
    await peer.receive('SIP/2.0 202 ');
    expect(peer.text).not.toContain('500');
  });

  it('when told that the connection has gone is a fault, and the process lives', async () => {
    const { endpoint, request, fault, closed } = startEndpoint();
    const { port } = await endpoint.listenTcp({ name: 'tcp', ...address });
    const peer = await connectPlain(port);
    peer.write(requestText());
    const { flow } = await request('OPTIONS');
    endpoint.layer.request(createRequest({ branch: 'z9hG4bKours' }), flow, () => {
      throw new TypeError('a fault of the user');
    });
    peer.socket.destroy();
    await closed();
    await fault('ERR_SIP_PROCESSING_FAILED');
  });

  it('when told of a response is a fault, and the connection goes on', async () => {
    const { endpoint, request, fault } = startEndpoint();
    const { port } = await endpoint.listenTcp({ name: 'tcp', ...address });
    const peer = await connectPlain(port);
    peer.write(requestText());
    const { flow } = await request('OPTIONS');
    endpoint.layer.request(createRequest({ branch: 'z9hG4bKours' }), flow, () => {
      throw new TypeError('a fault of the user');
    });
    const sent = await peer.receive('OPTIONS sip:test@ims.example');
    const head = sent.slice(sent.indexOf('OPTIONS sip:'));
    peer.write(head.replace('OPTIONS sip:test@ims.example SIP/2.0', 'SIP/2.0 200 OK'));
    await fault('ERR_SIP_PROCESSING_FAILED');
    peer.write(requestText({ branch: 'z9hG4bK2' }));
    await peer.receiveTimes('SIP/2.0 200 OK', 2);
  });
});

it('[RFC 3261 9.2] CANCELs of nothing, whose senders prove nothing, take no room from others', async () => {
  const { endpoint, told, fault, request } = startEndpoint({ maxTransactions: 10, answer: () => {} });
  const udp = await endpoint.listenUdp({ name: 'udp', ...address });
  const tcp = await endpoint.listenTcp({ name: 'tcp', ...address });
  const peer = await openDatagramPeer();
  for (let number = 0; number < 20; number += 1) {
    peer.send(requestText({ method: 'CANCEL', branch: `z9hG4bK${number}` }), udp.port);
  }
  await fault('ERR_SIP_OVERLOADED');
  const other = await connectPlain(tcp.port);
  other.write(requestText({ method: 'MESSAGE', branch: 'z9hG4bKother' }));
  await request('MESSAGE');
  expect(told.all.filter(({ type }) => type === 'request').length).toBeLessThanOrEqual(3);
});

it('[RFC 3261 9.2] the CANCEL of an INVITE is taken, however little room there is', async () => {
  const { endpoint, request } = startEndpoint({ maxTransactions: 5, answer: () => {} });
  const { port } = await endpoint.listenUdp({ name: 'udp', ...address });
  const peer = await openDatagramPeer();
  peer.send(requestText({ method: 'INVITE', branch: 'z9hG4bKcall' }), port);
  const invite = await request('INVITE');
  peer.send(requestText({ method: 'CANCEL', branch: 'z9hG4bKcall' }), port);
  const cancel = await request('CANCEL');
  expect(endpoint.layer.findInvite(cancel.request)).toBe(invite);
});

it('[RFC 3261 21.5.4] one connection fills its share of the transactions, others are served', async () => {
  const { endpoint, fault } = startEndpoint({ maxTransactionsPerConnection: 2, answer: () => {} });
  const { port } = await endpoint.listenTcp({ name: 'tcp', ...address });
  const [greedy, modest] = [await connectPlain(port), await connectPlain(port)];
  for (let number = 0; number < 5; number += 1) greedy.write(requestText({ branch: `z9hG4bK${number}` }));
  await greedy.receiveTimes('SIP/2.0 503 ', 3);
  await fault('ERR_SIP_OVERLOADED');
  expect(endpoint.layer.size).toBe(2);
  modest.write(requestText({ method: 'INVITE', branch: 'z9hG4bKmodest' }));
  await modest.receiveTimes('SIP/2.0 100 ', 1);
});

it('[RFC 3261 21.5.4] what strangers fill leaves room for those whom a certificate names', async () => {
  const { endpoint, request } = startEndpoint({ maxTransactions: 4, answer: () => {} });
  const { port } = await endpoint.listenTcp({ name: 'tcp', ...address });
  const tls = await endpoint.listenTls({ name: 'tls', ...address, tls: one });
  const stranger = await connectPlain(port);
  for (let number = 0; number < 4; number += 1) stranger.write(requestText({ branch: `z9hG4bK${number}` }));
  await stranger.receiveTimes('SIP/2.0 503 ', 2);
  const servername = 'one.ims.example';
  const node = await connectSecure(tls.port, { ca: one.ca, cert: two.cert, key: two.key, servername });
  node.write(requestText({ method: 'MESSAGE', branch: 'z9hG4bKnode' }));
  await request('MESSAGE');
});

it('[RFC 3261 21.5.4] beyond the transactions it takes on, requests are answered 503', async () => {
  const { endpoint, told, fault } = startEndpoint({ maxTransactions: 6, answer: () => {} });
  const { port } = await endpoint.listenTcp({ name: 'tcp', ...address });
  const peer = await connectPlain(port);
  for (let number = 0; number < 5; number += 1) peer.write(requestText({ branch: `z9hG4bK${number}` }));
  await peer.receiveTimes('SIP/2.0 503 ', 2);
  await fault('ERR_SIP_OVERLOADED');
  expect(told.all.filter(({ type }) => type === 'request')).toHaveLength(3);
  expect(endpoint.layer.size).toBe(3);
});
