import { parseVia, type SipResponse } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { createIdentities } from '../testing/identities.ts';
import { answerOf, call, register, registered, startNetwork, type TestNetwork } from '../testing/test-network.ts';

const identities = await createIdentities();

type Pair = readonly [name: string, value: string];

interface Sent {
  readonly method?: string;
  readonly uri?: string;
  readonly headers?: readonly Pair[];
}

/** What the edge gets for a request outside dialogs. */
async function ask(
  { edge, iCscf, sCscf }: TestNetwork,
  to: 'i-cscf' | 's-cscf',
  { method = 'MESSAGE', uri = 'sip:bob@ims.example', headers = [] }: Sent,
): Promise<SipResponse> {
  const fields = { method, uri, from: 'sip:alice@ims.example', to: 'sip:bob@ims.example' };
  const request = edge.createRequest(fields);
  const replaced = headers.reduce((left, [name, value]) => left.set(name, value), request.headers);
  return (await edge.send({ ...request, headers: replaced }, to === 'i-cscf' ? iCscf : sCscf)).final;
}

describe.each(['i-cscf', 's-cscf'] as const)('[RFC 3261 16.3] the %s as a proxy', (name) => {
  it.each<readonly [string, Sent, number, string, readonly Pair[]]>([
    ['[RFC 3261 16.3-1] a broken Request-URI', { uri: 'sip:bob@ims.example:0' }, 400, 'Malformed Request-URI', []],
    ['[RFC 3261 16.3-2] an unknown scheme', { uri: 'http://ims.example' }, 416, 'Unsupported URI Scheme', []],
    ['[RFC 3261 16.3-3] no hop left', { headers: [['Max-Forwards', '0']] }, 483, 'Too Many Hops', []],
    [
      '[RFC 3261 16.3-3] no hop left, for OPTIONS',
      { method: 'OPTIONS', headers: [['Max-Forwards', '0']] },
      483,
      'Too Many Hops',
      [],
    ],
    [
      '[RFC 3261 16.3-5] an extension for proxies',
      { headers: [['Proxy-Require', 'foo']] },
      420,
      'Bad Extension',
      [['Unsupported', 'foo']],
    ],
    [
      '[RFC 3261 16.3-5] an extension for proxies in REGISTER',
      { method: 'REGISTER', uri: 'sip:ims.example', headers: [['Proxy-Require', 'foo, sec-agree']] },
      420,
      'Bad Extension',
      [['Unsupported', 'foo, sec-agree']],
    ],
    ['[RFC 5393 5.3.3] no branch left', { headers: [['Max-Breadth', '0']] }, 440, 'Max-Breadth Exceeded', []],
  ])('%s: it is told so, and nobody is reached', async (_rule, sent, statusCode, reasonPhrase, told) => {
    const network = await startNetwork(identities);
    await registered(network, 'bob');
    const response = await ask(network, name, sent);
    expect(response).toMatchObject({ statusCode, reasonPhrase });
    for (const [header, value] of told) expect(response.headers.all(header).join(', ')).toBe(value);
    expect(network.edge.arrivals.all).toEqual([]);
    expect(network.log.all.filter((line) => line.includes('request.failed'))).toEqual([]);
  });

  it('[RFC 3261 16.6-3] as many hops as it takes, and an extension for the callee: they pass', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'bob');
    const hops = name === 'i-cscf' ? '2' : '1';
    const headers: readonly Pair[] = [
      ['Max-Forwards', hops],
      ['Require', 'foo'],
      ['Max-Breadth', '1'],
    ];
    const response = ask(network, name, { headers });
    const message = await network.edge.arrive('MESSAGE');
    expect(message.request.headers.first('Require')).toBe('foo');
    expect(message.request.headers.first('Max-Forwards')).toBe('0');
    message.respond(answerOf(message.request, 200));
    expect((await response).statusCode).toBe(200);
  });
});

describe('[RFC 5393 4] going round', () => {
  it('[RFC 5393 4.2] twice through the S-CSCF, for the caller and for the callee, is a spiral: it passes', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    const exchange = await call(network, 'alice', aliceRoute);
    const invite = await network.edge.arrive('INVITE');
    const hops = invite.request.headers.all('Via').map((value) => parseVia(value));
    const ofSCscf = hops.filter(({ host, port }) => `${host}:${port}` === network.core.sCscfAddress);
    expect(ofSCscf).toHaveLength(2);
    invite.respond(answerOf(invite.request, 200));
    expect((await exchange.final).statusCode).toBe(200);
  });

  it.each(['MESSAGE', 'INVITE'])('[RFC 5393 4.2] %s to a contact that leads back to itself: 482', async (method) => {
    const network = await startNetwork(identities);
    const path = [`<sip:${network.core.iCscfAddress};transport=tls;lr>`];
    await registered(network, 'bob', { contacts: ['<sip:bob@ims.example>'], path });
    expect(await ask(network, 'i-cscf', { method })).toMatchObject({ statusCode: 482, reasonPhrase: 'Loop Detected' });
    expect(network.log.all.filter((line) => line.includes('request.failed'))).toEqual([]);
  });

  it('[RFC 3261 16.4] what is called at the address of somebody else goes there once', async () => {
    const network = await startNetwork(identities);
    const path = [`<sip:${network.core.iCscfAddress};transport=tls;lr>`];
    await registered(network, 'bob', { contacts: ['<sip:carol@ims.example>'], path });
    await registered(network, 'carol');
    const response = ask(network, 'i-cscf', {});
    const message = await network.edge.arrive('MESSAGE');
    expect(message.request.requestUri).toBe('sip:carol@wic.invalid;transport=ws');
    message.respond(answerOf(message.request, 200, 'carol'));
    expect((await response).statusCode).toBe(200);
  });
});

describe('[RFC 3261 8.2] the S-CSCF as registrar', () => {
  it('[RFC 3261 8.2.2.3] an extension it does not know: 420, and it says which', async () => {
    const network = await startNetwork(identities);
    const response = await register(network, 'alice', { headers: [['Require', 'foo']] });
    expect(response).toMatchObject({ statusCode: 420, reasonPhrase: 'Bad Extension' });
    expect(response.headers.all('Unsupported')).toEqual(['foo']);
    expect((await register(network, 'alice', { headers: [['Require', 'Path, outbound']] })).statusCode).toBe(200);
  });

  it('[RFC 3261 8.2.2.2] one REGISTER by two ways: the first is carried out, the other gets 482', async () => {
    const network = await startNetwork(identities);
    const request = network.edge.createRegister('alice');
    const send = async () => (await network.edge.send(request, network.iCscf)).final;
    expect((await send()).statusCode).toBe(200);
    expect(await send()).toMatchObject({ statusCode: 482, reasonPhrase: 'Loop Detected' });
    expect(network.assignmentTypes).toEqual(['REGISTRATION']);
    await registered(network, 'alice');
  });

  it('[RFC 3261 21.4.1] a 400 says which header field is wrong, and shows no value', async () => {
    const network = await startNetwork(identities);
    const response = await register(network, 'alice', { contacts: ['<sip:alice@s3cret'] });
    expect(`${response.statusCode} ${response.reasonPhrase}`).toBe('400 Malformed Contact');
  });
});
