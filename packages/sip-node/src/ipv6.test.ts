import { describe, expect, it } from 'vitest';
import { createIdentities } from './testing/identities.ts';
import { hasIpv6 } from './testing/ipv6.ts';
import { createRequest, requestText } from './testing/messages.ts';
import { connectPlain, openDatagramPeer } from './testing/raw-peer.ts';
import { startEndpoint } from './testing/test-endpoint.ts';

const { one, two } = await createIdentities();
const ok = 'SIP/2.0 200 OK\r\n';

it(`[RFC 5118] this machine has ${hasIpv6 ? '' : 'NO '}IPv6: ${hasIpv6 ? 'all of it is tested' : 'LISTENERS OF IPv6 ARE NOT TESTED'}`, async () => {
  const { endpoint } = startEndpoint();
  const listening = endpoint.listenTcp({ name: 'tcp6', host: '::1', port: 0 });
  if (hasIpv6) expect((await listening).port).toBeGreaterThan(0);
  else
    await expect(listening).rejects.toMatchObject({ code: expect.stringMatching(/^EA(?:DDRNOTAVAIL|FNOSUPPORT)$/u) });
});

describe.runIf(hasIpv6)('[RFC 5118] IPv6', () => {
  it('TCP: received names the address without brackets', async () => {
    const { endpoint, request } = startEndpoint();
    const { port } = await endpoint.listenTcp({ name: 'tcp6', host: '::1', port: 0 });
    const peer = await connectPlain(port, '::1');
    peer.write(requestText({ via: 'SIP/2.0/TCP [2001:db8::9]:5070;branch=z9hG4bK1;rport' }));
    const text = await peer.receive('\r\n\r\n');
    expect(text).toContain(ok);
    expect(text).toContain(
      `Via: SIP/2.0/TCP [2001:db8::9]:5070;branch=z9hG4bK1;rport=${peer.socket.localPort};received=::1\r\n`,
    );
    expect((await request('OPTIONS')).flow.peer).toMatchObject({ address: '::1', port: peer.socket.localPort });
  });

  it('[RFC 5118 4.5] a sent-by that spells the address otherwise is the same address', async () => {
    const { endpoint } = startEndpoint();
    const { port } = await endpoint.listenTcp({ name: 'tcp6', host: '::1', port: 0 });
    const peer = await connectPlain(port, '::1');
    peer.write(requestText({ via: 'SIP/2.0/TCP [0:0::0:1];branch=z9hG4bK1' }));
    expect(await peer.receive('\r\n\r\n')).toContain('Via: SIP/2.0/TCP [0:0::0:1];branch=z9hG4bK1\r\n');
  });

  it('UDP: the response goes back to the address and the port in Via', async () => {
    const { endpoint } = startEndpoint();
    const { port } = await endpoint.listenUdp({ name: 'udp6', host: '::1', port: 0 });
    const [sender, named] = [await openDatagramPeer('::1'), await openDatagramPeer('::1')];
    sender.send(requestText({ via: `SIP/2.0/UDP [::1]:${named.port};branch=z9hG4bK1` }), port);
    expect(await named.texts.when(() => true)).toContain(`Via: SIP/2.0/UDP [::1]:${named.port};branch=z9hG4bK1\r\n`);
    sender.send(requestText({ via: 'SIP/2.0/UDP a.example;rport;branch=z9hG4bK2' }), port);
    expect(await sender.texts.when(() => true)).toContain(`;rport=${sender.port};branch=z9hG4bK2;received=::1\r\n`);
  });

  it('TLS: a connection to an address in brackets, with a sent-by in brackets', async () => {
    const server = startEndpoint();
    const { port } = await server.endpoint.listenTls({ name: 'tls6', host: '::1', port: 0, tls: one });
    const { endpoint } = startEndpoint({ sentBy: () => '[::1]:5061' });
    const flow = await endpoint.connectTls({ host: '[::1]', port, tls: two, serverName: 'one.ims.example' });
    const answered = new Promise((resolve) => endpoint.layer.request(createRequest(), flow, resolve));
    expect(await answered).toMatchObject({ type: 'response', response: { statusCode: 200 } });
    const { request } = await server.request('OPTIONS');
    expect(request.headers.first('Via')).toMatch(/^SIP\/2\.0\/TLS \[::1\]:5061;branch=[^;]*$/u);
    expect(await endpoint.connectTls({ host: '[::1]', port, tls: two, serverName: 'one.ims.example' })).toBe(flow);
  });

  it('UDP: requests of ours leave from the socket of the right family', async () => {
    const server = startEndpoint();
    const { port } = await server.endpoint.listenUdp({ name: 'udp6', host: '::1', port: 0 });
    const client = startEndpoint();
    await client.endpoint.listenUdp({ name: 'udp4', host: '127.0.0.1', port: 0 });
    const own = await client.endpoint.listenUdp({ name: 'udp6', host: '::1', port: 0 });
    const flow = await client.endpoint.connectUdp({ host: '[::1]', port });
    const answered = new Promise((resolve) => client.endpoint.layer.request(createRequest(), flow, resolve));
    expect(await answered).toMatchObject({ type: 'response', response: { statusCode: 200 } });
    expect((await server.request('OPTIONS')).flow.peer).toMatchObject({ address: '::1', port: own.port });
  });
});

describe.runIf(hasIpv6)('a listener of both families', () => {
  it('TCP: tells an IPv4 peer’s address as such', async () => {
    const { endpoint, request } = startEndpoint();
    const { port } = await endpoint.listenTcp({ name: 'both', host: '::', port: 0 });
    const peer = await connectPlain(port, '127.0.0.1');
    peer.write(requestText({ via: 'SIP/2.0/TCP pc.example;branch=z9hG4bK1' }));
    expect(await peer.receive('\r\n\r\n')).toContain(
      'Via: SIP/2.0/TCP pc.example;branch=z9hG4bK1;received=127.0.0.1\r\n',
    );
    expect((await request('OPTIONS')).flow.peer.address).toBe('127.0.0.1');
  });

  it('UDP: answers peers of both, and sends to both', async () => {
    const { endpoint, request } = startEndpoint();
    const { port } = await endpoint.listenUdp({ name: 'both', host: '::', port: 0 });
    for (const [host, method] of [
      ['127.0.0.1', 'OPTIONS'],
      ['::1', 'MESSAGE'],
    ] as const) {
      const peer = await openDatagramPeer(host);
      peer.send(
        requestText({
          method,
          branch: `z9hG4bK${method}`,
          via: `SIP/2.0/UDP pc.example;rport;branch=z9hG4bK${method}`,
        }),
        port,
      );
      expect(await peer.texts.when((text) => text.startsWith(ok))).toContain(`;received=${host}\r\n`);
      expect((await request(method)).flow.peer.address).toBe(host);
      const flow = await endpoint.connectUdp({ host, port: peer.port });
      await flow.send(createRequest({ method: 'INFO' }));
      await peer.texts.when((text) => text.startsWith('INFO '));
    }
  });
});
