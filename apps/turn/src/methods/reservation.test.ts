import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { attribute, type DecodedMessage, method } from '@wicgate/stun';
import { addressOf, openPeer, outcomeOf, requestedUdp, requiredValue, type TurnClient } from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';
import { type TestServer, testCredential } from '../testing/test-server.ts';

const bench = new Bench();
afterEach(() => bench.close());

const reserve = attribute('EVEN-PORT', Buffer.from([0x80]));

describe.each(['UDP', 'TCP'] as const)('A reservation over %s', (transport) => {
  it('[RFC 8656 7.2] [RFC 8656 18.10] gives the port above an even one to who brings the token', async () => {
    const server = await bench.server();
    const login = testCredential(server.clock);
    const first = await challenged(transport, server, login);
    const answer = await allocate(first, reserve);
    const rtp = addressOf(answer, 'XOR-RELAYED-ADDRESS');
    expect(rtp.port % 2).toBe(0);

    const second = await challenged(transport, server, login);
    const rtcp = await allocate(second, tokenOf(answer));
    expect(outcomeOf(rtcp)).toBe('success');
    expect(addressOf(rtcp, 'XOR-RELAYED-ADDRESS')).toEqual({ ...rtp, port: rtp.port + 1 });
    const peer = await bench.peer();
    await second.permit(peer.endpoint);
    second.sendTo(peer.endpoint, 'report');
    expect(await peer.inbox.take()).toEqual({ data: 'report', port: rtp.port + 1 });
  });
});

describe('A reservation', () => {
  it('[RFC 8656 7.2] is good once', async () => {
    const { server, login, answer } = await reserved();
    expect(outcomeOf(await allocate(await challenged('UDP', server, login), tokenOf(answer)))).toBe('success');
    expect(outcomeOf(await allocate(await challenged('UDP', server, login), tokenOf(answer)))).toBe('error 508');
  });

  it('[RFC 8656 7.2] lasts 30 s, then its port is free', async () => {
    const { server, login, answer } = await reserved();
    const { port } = addressOf(answer, 'XOR-RELAYED-ADDRESS');
    server.clock.advance(29_999);
    await expect(openPeerAt(port + 1)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    server.clock.advance(1);
    expect(outcomeOf(await allocate(await challenged('UDP', server, login), tokenOf(answer)))).toBe('error 508');
    await expect
      .poll(() =>
        openPeerAt(port + 1).then(
          () => 'free',
          () => 'taken',
        ),
      )
      .toBe('free');
  });

  it('[RFC 8656 21.1.6] is of no use to another user, and left to its own', async () => {
    const { server, login, answer } = await reserved();
    const stranger = await challenged('UDP', server, testCredential(server.clock));
    expect(outcomeOf(await allocate(stranger, tokenOf(answer)))).toBe('error 508');
    expect(outcomeOf(await allocate(await challenged('UDP', server, login), tokenOf(answer)))).toBe('success');
  });

  it('[RFC 8656 7.2] is told again to who retransmits', async () => {
    const server = await bench.server();
    const client = await challenged('UDP', server, testCredential(server.clock));
    const octets = client.encodeRequest(method.Allocate, { attributes: [requestedUdp, reserve] });
    client.sendRaw(octets);
    const first = await client.response();
    client.sendRaw(octets);
    expect((await client.response()).octets).toEqual(first.octets);
  });

  it('one user holds 8 at most, and keeps no other user from theirs', async () => {
    const server = await bench.server();
    const login = testCredential(server.clock);
    for (let count = 0; count < 8; count += 1) {
      expect(outcomeOf(await allocate(await challenged('UDP', server, login), reserve))).toBe('success');
    }
    const ninth = await challenged('UDP', server, login);
    expect(outcomeOf(await allocate(ninth, reserve))).toBe('error 508');
    const other = await challenged('UDP', server, testCredential(server.clock));
    expect(outcomeOf(await allocate(other, reserve))).toBe('success');
    server.clock.advance(30_000);
    expect(outcomeOf(await allocate(ninth, reserve))).toBe('success');
  });

  it('[RFC 8656 7.2] is not to be had, with 508, where no two ports in a row are free', async () => {
    const taken = await openPeer();
    const even = taken.endpoint.port & ~1;
    const range = { TURN_RELAY_PORT_MIN: String(even), TURN_RELAY_PORT_MAX: String(even + 1) };
    const server = await bench.server({ ...range, TURN_TOTAL_QUOTA: '1' });
    const client = await challenged('UDP', server, testCredential(server.clock));
    expect(outcomeOf(await allocate(client, reserve))).toBe('error 508');
    taken.close();
    expect(outcomeOf(await allocate(client, reserve))).toBe('success');
  });

  it('leaves no socket and no timer when the server stops', async () => {
    const { server, answer } = await reserved();
    const { port } = addressOf(answer, 'XOR-RELAYED-ADDRESS');
    await server.stop();
    expect(server.clock.pendingCount).toBe(0);
    await expect
      .poll(() =>
        openPeerAt(port + 1).then(
          () => 'free',
          () => 'taken',
        ),
      )
      .toBe('free');
  });
});

interface Reserved {
  readonly server: TestServer;
  readonly login: ReturnType<typeof testCredential>;
  readonly answer: DecodedMessage;
}

async function reserved(): Promise<Reserved> {
  const server = await bench.server();
  const login = testCredential(server.clock);
  return { server, login, answer: await allocate(await challenged('UDP', server, login), reserve) };
}

async function challenged(
  transport: 'UDP' | 'TCP',
  server: TestServer,
  login: ReturnType<typeof testCredential>,
): Promise<TurnClient> {
  const client = await bench.client(transport, server);
  await client.challenge(login);
  return client;
}

function allocate(client: TurnClient, ...attributes: ReturnType<typeof attribute>[]): Promise<DecodedMessage> {
  return client.request(method.Allocate, { attributes: [requestedUdp, ...attributes] });
}

function tokenOf(answer: DecodedMessage): ReturnType<typeof attribute> {
  return attribute('RESERVATION-TOKEN', requiredValue(answer, 'RESERVATION-TOKEN'));
}

/** Rejects if the UDP port is taken. */
async function openPeerAt(port: number): Promise<void> {
  const socket = createSocket('udp4');
  try {
    socket.bind({ address: '127.0.0.1', port, exclusive: true });
    await once(socket, 'listening');
  } finally {
    socket.close();
  }
}
