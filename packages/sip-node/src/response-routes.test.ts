import { createResponse, isRequest, parseMessage, type SipResponse } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import type { NodeFlow } from './node-flow.ts';
import { ResponseRoutes } from './response-routes.ts';
import { createIdentities } from './testing/identities.ts';
import { requestText } from './testing/messages.ts';
import { connectPlain, connectSecure, openDatagramPeer } from './testing/raw-peer.ts';
import { startEndpoint, type TestEndpoint, type TestEndpointOptions } from './testing/test-endpoint.ts';

const { one, two } = await createIdentities();
const host = '127.0.0.1';
const resolver = {
  naptr: async () => [],
  srv: async () => [],
  aaaa: async () => [],
  a: async (name: string) => (name === 'pc.example' ? ['127.0.0.1'] : []),
};

/** The endpoint of a UAC, which may have gone from its old connection and takes a new one. */
async function listenAgain(transport: 'TCP' | 'TLS'): Promise<TestEndpoint & { readonly port: number }> {
  const uac = startEndpoint();
  const address = { name: 'again', host, port: 0 };
  const { port } = await (transport === 'TCP'
    ? uac.endpoint.listenTcp(address)
    : uac.endpoint.listenTls({ ...address, tls: two }));
  return { ...uac, port };
}

/** An INVITE that is answered once its connection has gone. */
async function answerLate(via: string, options: TestEndpointOptions = {}): Promise<Promise<void>> {
  const uas = startEndpoint({ ...options, answer: () => {} });
  const { port } = await uas.endpoint.listenTcp({ name: 'tcp', host, port: 0 });
  const peer = await connectPlain(port);
  peer.write(requestText({ method: 'INVITE', via }));
  const { request, flow } = await uas.request('INVITE');
  peer.socket.destroy();
  await uas.closed();
  return flow.send(createResponse(request, 200, { toTag: 'us' }));
}

const stray = (uac: TestEndpoint): Promise<unknown> => uac.told.when(({ type }) => type === 'stray');
const unreachable = { code: 'ERR_SIP_TRANSPORT_FAILED' };

describe('[RFC 3261 18.2.2] a response whose connection has gone', () => {
  it('goes to the address its request came from and the port in Via', async () => {
    const uac = await listenAgain('TCP');
    await answerLate(`SIP/2.0/TCP elsewhere.example:${uac.port};branch=z9hG4bK1`);
    await stray(uac);
  });

  it('fails where nobody listens there', async () => {
    await expect(answerLate('SIP/2.0/TCP elsewhere.example:1;branch=z9hG4bK1')).rejects.toMatchObject(unreachable);
  });

  it('a request does not go anywhere else', async () => {
    const uac = await listenAgain('TCP');
    const uas = startEndpoint();
    const { port } = await uas.endpoint.listenTcp({ name: 'tcp', host, port: 0 });
    const peer = await connectPlain(port);
    peer.write(requestText({ via: `SIP/2.0/TCP pc.example:${uac.port};branch=z9hG4bK1` }));
    const { request, flow } = await uas.request('OPTIONS');
    peer.socket.destroy();
    await uas.closed();
    await expect(flow.send(request)).rejects.toMatchObject(unreachable);
  });
});

it('[RFC 3261 18.2.2] responses whose askers have gone lead to so many connections, and no more', async () => {
  let opened = 0;
  const flows: { isOpen: boolean }[] = [];
  const connect = async (): Promise<NodeFlow> => {
    opened += 1;
    const flow = { isOpen: true, send: async () => {} };
    flows.push(flow);
    return flow as unknown as NodeFlow;
  };
  const routes = new ResponseRoutes({ location: undefined, connect });
  const gone = { transport: 'TCP', peer: { address: '192.0.2.1', certificateNames: [] } } as unknown as NodeFlow;
  const answer = (): Promise<void> => routes.send(createAnswer('SIP/2.0/TCP pc.example;branch=z9hG4bK1'), gone);
  const outcomes = await Promise.allSettled(Array.from({ length: 300 }, answer));
  expect([opened, outcomes.filter(({ status }) => status === 'rejected').length]).toEqual([200, 100]);
  await expect(answer()).rejects.toMatchObject(unreachable);
  for (const flow of flows.slice(0, 1)) flow.isOpen = false;
  await answer();
  await expect(answer()).rejects.toMatchObject(unreachable);
});

describe('[RFC 3263 5] where the sent-by leads', () => {
  /** As if the request had come from where nobody can be reached. */
  const from = (flow: NodeFlow): NodeFlow => ({
    ...flow,
    transport: 'TCP',
    peer: { ...flow.peer, address: '127.0.0.3' },
  });
  async function answerElsewhere(via: string, options: TestEndpointOptions): Promise<void> {
    const { endpoint } = startEndpoint();
    const connect = ({ address, port }: { address: string; port: number }): Promise<NodeFlow> =>
      endpoint.connectTcp({ host: address, port });
    const location = options.responsesTo === 'sent-by' ? () => ({ resolver, random: () => 0 }) : undefined;
    const routes = new ResponseRoutes({ location, connect });
    const flow = from({ peer: { port: 1, certificateNames: [] } } as unknown as NodeFlow);
    await routes.send(createAnswer(via), flow);
  }

  it('is tried next where that is allowed', async () => {
    const uac = await listenAgain('TCP');
    await answerElsewhere(`SIP/2.0/TCP pc.example:${uac.port};branch=z9hG4bK1`, { responsesTo: 'sent-by' });
    await stray(uac);
  });

  it('is not asked for unless that is allowed: it is a stranger’s word', async () => {
    const uac = await listenAgain('TCP');
    const via = `SIP/2.0/TCP pc.example:${uac.port};branch=z9hG4bK1`;
    await expect(answerElsewhere(via, { responsesTo: 'source' })).rejects.toMatchObject(unreachable);
  });

  it('may lead nowhere', async () => {
    const via = 'SIP/2.0/TCP nowhere.example:5060;branch=z9hG4bK1';
    await expect(answerElsewhere(via, { responsesTo: 'sent-by' })).rejects.toMatchObject({ statusCode: 503 });
  });
});

describe('[RFC 5922 7] over TLS', () => {
  async function answerSecured(sentBy: (port: number) => string, tls: typeof one | undefined): Promise<TestEndpoint> {
    const uac = await listenAgain('TLS');
    const uas = startEndpoint({ answer: () => {}, routing: { tls } });
    const { port } = await uas.endpoint.listenTls({ name: 'tls', host, port: 0, tls: one });
    const client = { ca: one.ca, cert: two.cert, key: two.key, servername: 'one.ims.example' };
    const peer = await connectSecure(port, client);
    peer.write(requestText({ method: 'INVITE', via: `SIP/2.0/TLS ${sentBy(uac.port)};branch=z9hG4bK1` }));
    const { request, flow } = await uas.request('INVITE');
    peer.socket.destroy();
    await uas.closed();
    await flow.send(createResponse(request, 200, { toTag: 'us' }));
    return uac;
  }

  it.each([
    ['a name', (port: number) => `Two.ims.example:${port}`],
    ['an address', (port: number) => `127.0.0.1:${port}`],
  ])('the response goes to the very peer that asked: %s', async (_name, sentBy) => {
    await stray(await answerSecured(sentBy, one));
  });

  it.each([
    ['a name that the peer never proved', (port: number) => `one.ims.example:${port}`, one],
    ['no authority to prove it by', (port: number) => `two.ims.example:${port}`, undefined],
  ])('it goes nowhere with %s', async (_name, sentBy, tls) => {
    await expect(answerSecured(sentBy, tls)).rejects.toMatchObject(unreachable);
  });
});

describe('[RFC 3261 18.2.2] maddr over UDP', () => {
  async function ask(options: TestEndpointOptions, params: string) {
    const { endpoint } = startEndpoint(options);
    const { port } = await endpoint.listenUdp({ name: 'udp', host: '0.0.0.0', port: 0 });
    const [sender, other] = [await openDatagramPeer('127.0.0.1'), await openDatagramPeer('127.0.0.2')];
    sender.send(requestText({ via: `SIP/2.0/UDP pc.example:${other.port};branch=z9hG4bK1;${params}` }), port);
    return { sender, other };
  }

  it('leads elsewhere where that is allowed', async () => {
    const { other } = await ask({ responsesTo: 'sent-by' }, 'maddr=127.0.0.2;ttl=16');
    expect(await other.texts.when(() => true)).toContain('SIP/2.0 200 OK');
  });

  it.each([
    ['unless that is allowed', {}, 'maddr=127.0.0.2;rport'],
    ['to many at a time', { responsesTo: 'sent-by' }, 'maddr=224.0.0.1;rport'],
    ['to a name', { responsesTo: 'sent-by' }, 'maddr=localhost;rport'],
    ['to another family', { responsesTo: 'sent-by' }, 'maddr=[::1];rport'],
  ] as const)('does not lead %s', async (_name, options, params) => {
    const { sender, other } = await ask(options, params);
    expect(await sender.texts.when(() => true)).toContain('SIP/2.0 200 OK');
    expect(other.texts.all).toEqual([]);
  });
});

function createAnswer(via: string): SipResponse {
  const request = parseMessage(Buffer.from(requestText({ method: 'INVITE', via })));
  if (!isRequest(request)) throw new TypeError('expected a request');
  return createResponse(request, 200, { toTag: 'us' });
}
