import { describe, expect, it } from 'vitest';
import { createRequest, requestText } from './testing/messages.ts';
import { openDatagramPeer } from './testing/raw-peer.ts';
import { startEndpoint, type TestEndpoint, type TestEndpointOptions } from './testing/test-endpoint.ts';

async function listen(options: TestEndpointOptions = {}): Promise<TestEndpoint & { port: number }> {
  const test = startEndpoint(options);
  return { ...test, ...(await test.endpoint.listenUdp({ name: 'udp', host: '127.0.0.1', port: 0 })) };
}

const always = (): boolean => true;

describe('UDP', () => {
  it('[RFC 3261 18.2.2] the response goes to the port in Via', async () => {
    const { port, request } = await listen();
    const [sender, named] = [await openDatagramPeer(), await openDatagramPeer()];
    sender.send(requestText({ via: `SIP/2.0/UDP pc.example:${named.port};branch=z9hG4bK1` }), port);
    const text = await named.texts.when(always);
    expect(text).toContain('SIP/2.0 200 OK');
    expect(text).toContain(`Via: SIP/2.0/UDP pc.example:${named.port};branch=z9hG4bK1;received=127.0.0.1\r\n`);
    const { flow } = await request('OPTIONS');
    expect(flow).toMatchObject({ transport: 'UDP', reliable: false, listener: 'udp', sentBy: 'udp.test.example' });
    expect(flow.peer).toMatchObject({ address: '127.0.0.1', port: sender.port, certificateNames: [] });
    expect(sender.texts.all).toEqual([]);
  });

  it('[RFC 3581 4] the response goes to where the request came from with rport', async () => {
    const { port } = await listen();
    const sender = await openDatagramPeer();
    sender.send(requestText({ via: 'SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1;rport' }), port);
    const text = await sender.texts.when(always);
    expect(text).toContain(`;rport=${sender.port};received=127.0.0.1`);
  });

  it('[RFC 3261 17.2.2] a repeated request is answered again, and reaches the user once', async () => {
    const { port, told } = await listen();
    const sender = await openDatagramPeer();
    const text = requestText({ via: 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1;rport' });
    sender.send(text, port);
    await sender.texts.when(always);
    sender.send(text, port);
    await sender.texts.when(() => sender.texts.all.length === 2);
    expect(told.all).toHaveLength(1);
  });

  it('[RFC 3261 17.1.2] a request of ours is repeated until it is answered', async () => {
    const { endpoint, port, request } = await listen();
    const sender = await openDatagramPeer();
    sender.send(requestText({ via: 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1;rport' }), port);
    const { flow } = await request('OPTIONS');
    const answered = new Promise((resolve) => endpoint.layer.request(createRequest(), flow, resolve));
    const sent = await sender.texts.when((text) => text.startsWith('OPTIONS '));
    await sender.texts.when(() => sender.texts.all.filter((text) => text === sent).length === 2);
    const [, head] = sent.split(/^.*?\r\n/u);
    sender.send(`SIP/2.0 200 OK\r\n${head}`, port);
    expect(await answered).toMatchObject({ type: 'response', response: { statusCode: 200 } });
  });

  it('[RFC 3261 8.2.7] [RFC 3261 21.5.6] another version is answered 505, without a transaction', async () => {
    const { endpoint, port, told } = await listen();
    const sender = await openDatagramPeer();
    const via = 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1;rport';
    sender.send(requestText({ via }).replace('SIP/2.0\r\n', 'SIP/3.0\r\n'), port);
    expect(await sender.texts.when(always)).toContain('SIP/2.0 505 ');
    expect(endpoint.layer.size).toBe(0);
    expect(told.all).toMatchObject([{ type: 'fault', error: { code: 'ERR_SIP_VERSION_NOT_SUPPORTED' } }]);
  });

  it('[RFC 5626 4.4] specks, STUN and noise are dropped, and an empty datagram', async () => {
    const { port, told } = await listen();
    const sender = await openDatagramPeer();
    for (const speck of ['', '\0', '\r\n\r\n', 'noise that is no message']) sender.send(speck, port);
    // A binding request (RFC 8489 5).
    sender.send(Buffer.from(`000100002112a442${'00'.repeat(12)}`, 'hex'), port);
    sender.send(requestText({ via: 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1;rport' }), port);
    await sender.texts.when(always);
    expect(told.all.map(({ type }) => type)).toEqual(['fault', 'request']);
  });

  it('an answer that cannot be sent harms nobody', async () => {
    const { port, told } = await listen();
    const sender = await openDatagramPeer();
    // A sent-by with port 0 would be refused by the parser; this one has a port nobody listens on.
    sender.send(requestText({ via: 'SIP/2.0/UDP 127.0.0.1:1;branch=z9hG4bK1' }), port);
    sender.send(requestText({ via: 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK2;rport' }), port);
    await sender.texts.when(always);
    expect(told.all).toHaveLength(2);
  });

  it('[RFC 3261 21.5.4] takes no more than a part of the transactions: senders prove nothing', async () => {
    const { endpoint, port, fault, told } = await listen({ maxTransactions: 10 });
    const sender = await openDatagramPeer();
    for (let number = 0; number < 4; number += 1) {
      sender.send(requestText({ via: `SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK${number};rport` }), port);
    }
    await fault('ERR_SIP_OVERLOADED');
    await told.when(() => told.all.length === 4);
    expect(endpoint.layer.size).toBe(2);
    expect(sender.texts.all.filter((text) => text.includes('503'))).toEqual([]);
  });
});
