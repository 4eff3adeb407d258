import { parseNameAddr, type SipRequest } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';
import type { WicClient } from '../testing/wic-client.ts';

let edge: Edge;
let alice: WicClient;
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.start();
  carol = await edge.register('carol');
});
beforeEach(async () => {
  edge.core.answer = (request) => edge.core.answerWell(request);
  alice = await edge.register('alice');
  edge.core.requests.length = 0;
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
  await alice.close();
});
afterAll(() => edge.stop());

const invite = { requestUri: 'sip:bob@ims.example', headers: [['To', '<sip:bob@ims.example>']] } as const;

async function atCore(method: string): Promise<SipRequest> {
  return edge.core.next((request) => request.method === method);
}

describe('an initial request of a WIC', () => {
  it('[24.229 5.2.6.3] leaves along the Service-Route with Record-Route, identity and charging', async () => {
    const response = await alice.request('INVITE', invite);
    expect(response.statusCode).toBe(200);
    const { requestUri, headers } = await atCore('INVITE');
    expect(requestUri).toBe('sip:bob@ims.example');
    expect(headers.all('Route')).toEqual([edge.core.sCscf]);
    expect(headers.all('P-Asserted-Identity')).toEqual(['<sip:alice@ims.example>']);
    expect(headers.first('Record-Route')).toMatch(/^<sip:[\w-]+@127\.0\.0\.1:\d+;transport=tls;lr>$/u);
    expect(headers.first('P-Charging-Vector')).toMatch(/^icid-value="[\w-]+";orig-ioi="Type 1ims\.example"$/u);
    expect(headers.first('Max-Forwards')).toBe('69');
    expect(headers.first('Contact')).toBe(alice.contact);
  });

  it('[RFC 3261 16.6] gets no Record-Route where it forms no dialog', async () => {
    await alice.request('MESSAGE', invite);
    expect((await atCore('MESSAGE')).headers.has('Record-Route')).toBe(false);
  });

  it('[24.229 5.2.6.3] may carry the Service-Route itself', async () => {
    const response = await alice.request('INVITE', {
      ...invite,
      headers: [...invite.headers, ['Route', edge.core.sCscf.replace('127', ' 127').replace(' ', '')]],
    });
    expect(response.statusCode).toBe(200);
    expect((await atCore('INVITE')).headers.all('Route')).toEqual([edge.core.sCscf]);
  });

  it.each([
    ['elsewhere', '<sip:192.0.2.1:5060;lr>'],
    ['to a core node past the S-CSCF', '<sip:127.0.0.1:1;transport=tls;lr>'],
    ['that is no URI', '<bob>'],
  ])('[TS 24.229 5.2.6.3] is refused with a Route %s', async (_where, route) => {
    const response = await alice.request('INVITE', { ...invite, headers: [['Route', route]] });
    expect([400, 403]).toContain(response.statusCode);
    expect(edge.core.requests).toEqual([]);
  });

  it('[TS 24.229 5.2.6.3] is refused with more Route than the Service-Route', async () => {
    const headers = [['Route', `${edge.core.sCscf}, <sip:192.0.2.1;lr>`]] as const;
    expect((await alice.request('INVITE', { ...invite, headers })).statusCode).toBe(403);
    expect(edge.core.requests).toEqual([]);
  });

  it('[24.229 5.2.6.3] asserts the identity that the WIC prefers, where it is its own', async () => {
    const preferred = ['P-Preferred-Identity', '"A" <tel:+49-3021>'] as const;
    await alice.request('MESSAGE', { headers: [preferred] });
    const { headers } = await atCore('MESSAGE');
    expect(headers.all('P-Asserted-Identity')).toEqual(['<tel:+493021>']);
    expect(headers.has('P-Preferred-Identity')).toBe(false);
  });

  it.each(['<sip:carol@ims.example>', 'nonsense', '<tel:+1>'])(
    '[24.229 5.2.6.3] asserts the default identity where the WIC prefers %s',
    async (value) => {
      await alice.request('MESSAGE', { headers: [['P-Preferred-Identity', value]] });
      expect((await atCore('MESSAGE')).headers.all('P-Asserted-Identity')).toEqual(['<sip:alice@ims.example>']);
    },
  );

  it.each([
    ['P-Asserted-Identity', '<sip:carol@ims.example>'],
    ['P-Served-User', '<sip:carol@ims.example>'],
    ['P-Called-Party-ID', '<sip:carol@ims.example>'],
    ['P-Associated-URI', '<sip:carol@ims.example>'],
    ['P-Asserted-Service', 'urn:urn-7:3gpp-service.ims.icsi.spoofed'],
    ['Remote-Party-ID', '<sip:carol@ims.example>'],
    ['Diversion', '<sip:carol@ims.example>;reason=unconditional'],
    ['Service-Route', '<sip:evil.example;lr>'],
    ['P-Charging-Vector', 'icid-value=spoofed'],
    ['Path', '<sip:evil.example;lr>'],
    ['Record-Route', '<sip:evil.example;lr>'],
    ['Authorization', 'Bearer stolen.token.value'],
    ['Authorization', 'Digest username="carol@ims.example",integrity-protected=yes'],
    ['Proxy-Authorization', 'Digest username="carol@ims.example"'],
    ['P-Access-Network-Info', '3GPP-NR-FDD;network-provided'],
  ] as const)('[TS 24.229 5.2.6.3] loses a %s of its own', async (name, value) => {
    await alice.request('INVITE', { ...invite, headers: [...invite.headers, [name, value]] });
    expect((await atCore('INVITE')).headers.toString()).not.toContain(value);
  });

  it.each([
    ['another user', '<sip:carol@ims.example>;tag=1'],
    ['another domain', '<sip:alice@other.example>;tag=1'],
    ['a number of somebody', '<tel:+1>;tag=1'],
  ])('[TS 24.229 5.2.6.3] [eP-CSCF 13] is refused with a From of %s', async (_who, from) => {
    const response = await alice.request('INVITE', { ...invite, headers: [['From', from]] });
    expect(response.statusCode).toBe(403);
    expect(edge.core.requests).toEqual([]);
  });

  it('[RFC 3323 4.1.1.3] may be anonymous; the network still knows who it is', async () => {
    const headers = [
      ['From', '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1'],
      ['Privacy', 'id'],
    ] as const;
    expect((await alice.request('INVITE', { ...invite, headers })).statusCode).toBe(200);
    const sent = (await atCore('INVITE')).headers;
    expect(sent.all('P-Asserted-Identity')).toEqual(['<sip:alice@ims.example>']);
    expect(sent.first('Privacy')).toBe('id');
  });

  it.each(['INVITE', 'OPTIONS', 'MESSAGE', 'SUBSCRIBE', 'PUBLISH', 'BYE'])(
    '[X.3.2.3-7] [X.2.3.3] [O.2.3] [eP-CSCF 13] is refused on a connection that has not registered: %s',
    async (method) => {
      const mallory = await edge.connect('mallory');
      const headers = [['From', '<sip:alice@ims.example>;tag=1']] as const;
      expect((await mallory.request(method, { ...invite, headers })).statusCode).toBe(403);
      expect(edge.core.requests).toEqual([]);
      await mallory.close();
    },
  );

  it('[RFC 3261 16.3] is refused with no hop left, or with an extension for proxies', async () => {
    expect((await alice.request('MESSAGE', { headers: [['Max-Forwards', '0']] })).statusCode).toBe(483);
    const response = await alice.request('MESSAGE', { headers: [['Proxy-Require', 'sec-agree, other']] });
    expect(response.statusCode).toBe(420);
    expect(response.headers.all('Unsupported')).toEqual(['sec-agree', 'other']);
    expect(edge.core.requests).toEqual([]);
  });

  it('[24.229 5.2.6.3] gets responses without charging data and credentials, and without who wants privacy', async () => {
    edge.core.answer = (request) => {
      const { headers, ...rest } = edge.core.answerWell(request);
      const secret = headers
        .with('P-Charging-Vector', 'icid-value=x')
        .with('P-Asserted-Identity', '<sip:bob@ims.example>')
        .with('Authorization', 'Digest username="bob"')
        .with('Proxy-Authorization', 'Digest username="bob"');
      return { ...rest, headers: request.requestUri.includes('private') ? secret.with('Privacy', 'id') : secret };
    };
    const open = await alice.request('MESSAGE', invite);
    expect(open.headers.has('P-Charging-Vector')).toBe(false);
    expect(open.headers.toString()).not.toContain('Digest');
    expect(open.headers.first('P-Asserted-Identity')).toBe('<sip:bob@ims.example>');
    const hidden = await alice.request('MESSAGE', { requestUri: 'sip:private@ims.example' });
    expect(hidden.headers.has('P-Asserted-Identity')).toBe(false);
  });
});

describe('a request inside a dialog', () => {
  /** What names the dialog, and the Route set of a caller: the Record-Route of the 200, last first. */
  async function call(): Promise<{ to: string; callId: string; route: string }> {
    edge.core.answer = (request) => {
      const response = edge.core.answerWell(request);
      if (request.method !== 'INVITE') return response;
      return { ...response, headers: response.headers.prepend('Record-Route', edge.core.sCscf) };
    };
    const response = await alice.request('INVITE', invite);
    edge.core.requests.length = 0;
    return {
      to: response.headers.first('To') ?? '',
      callId: response.headers.first('Call-ID') ?? '',
      route: response.headers.all('Record-Route').toReversed().join(', '),
    };
  }

  it('[RFC 5626 5.3] follows the route of its dialog; our own entry is gone', async () => {
    const { to, callId, route } = await call();
    const response = await alice.request('BYE', {
      requestUri: 'sip:bob@bob.invalid',
      headers: [
        ['To', to],
        ['Call-ID', callId],
        ['Route', route],
      ],
    });
    expect(response.statusCode).toBe(200);
    const { requestUri, headers } = await atCore('BYE');
    expect(requestUri).toBe('sip:bob@bob.invalid');
    expect(headers.all('Route')).toEqual([edge.core.sCscf]);
  });

  it('[RFC 3261 16.11] an ACK for a 2xx follows it too', async () => {
    const { to, callId, route } = await call();
    alice.send(
      alice.create('ACK', {
        requestUri: 'sip:bob@bob.invalid',
        headers: [
          ['To', to],
          ['Call-ID', callId],
          ['Route', route],
        ],
      }),
    );
    const { headers } = await atCore('ACK');
    expect(headers.all('Route')).toEqual([edge.core.sCscf]);
    expect(headers.all('Via')).toHaveLength(2);
  });

  it('[24.229 5.2.6.3] does not show who wants privacy: no identity is asserted', async () => {
    const { to, callId, route } = await call();
    const headers = [
      ['To', to],
      ['Call-ID', callId],
      ['Route', route],
      ['P-Asserted-Identity', '<sip:carol@ims.example>'],
    ] as const;
    await alice.request('INFO', { requestUri: 'sip:bob@bob.invalid', headers });
    expect((await atCore('INFO')).headers.has('P-Asserted-Identity')).toBe(false);
  });

  it('[X.3.2.3-7] [eP-CSCF 13] is refused on the connection of somebody else, though the route is right', async () => {
    const { to, callId, route } = await call();
    const headers = [
      ['To', to],
      ['Call-ID', callId],
      ['Route', route],
      ['From', '<sip:alice@ims.example>;tag=alice'],
    ] as const;
    expect((await carol.request('BYE', { requestUri: 'sip:bob@bob.invalid', headers })).statusCode).toBe(403);
    expect(edge.core.requests).toEqual([]);
  });

  it.each([
    ['no Route', () => '(none)'],
    ['a Route without our entry', () => edge.core.sCscf],
    ['a changed flow token', (route: string) => route.replace(/sip:.{12}/u, 'sip:AAAAAAAAAAAA')],
    ['an entry of ours without a token', () => `<sip:127.0.0.1:${edge.mwPort};lr>, ${edge.core.sCscf}`],
    ['nothing after our entry', (route: string) => route.split(', ')[0] ?? ''],
    ['an address outside the core', (route: string) => `${route.split(', ')[0]}, <sip:127.0.0.1:22;transport=tls;lr>`],
    ['ourselves as next hop', (route: string) => `${route.split(', ')[0]}, ${route.split(', ')[0]}`],
    ['a telephone number as next hop', (route: string) => `${route.split(', ')[0]}, <tel:+1>`],
  ])('[RFC 5626 5.3] is refused with %s; the eP-CSCF connects to nobody', async (_fault, change) => {
    const { to, callId, route } = await call();
    const connections = await connectionsNow();
    const headers = [
      ['To', to],
      ['Call-ID', callId],
      ['Route', change(route)],
    ] as const;
    expect((await alice.request('BYE', { requestUri: 'sip:192.0.2.1', headers })).statusCode).toBe(403);
    expect(edge.core.requests).toEqual([]);
    expect(await connectionsNow()).toBe(connections);
  });

  async function connectionsNow(): Promise<number> {
    const metric = await edge.operations.metrics.getSingleMetric('ep_cscf_connections')?.get();
    return metric?.values[0]?.value ?? -1;
  }
});

it('[24.229 5.2.6.3] a flow token in Record-Route tells the far end nothing', async () => {
  await alice.request('INVITE', invite);
  const record = (await atCore('INVITE')).headers.first('Record-Route') ?? '';
  const token = parseNameAddr(record).uri.slice('sip:'.length).split('@')[0] ?? '';
  expect(Buffer.from(token, 'base64url').toString('latin1')).not.toMatch(/alice|ims\.example|urn:uuid/u);
});
