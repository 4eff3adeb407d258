import { Headers, noBody, type SipRequest } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';
import type { RequestParts, WicClient } from '../testing/wic-client.ts';

let edge: Edge;
let alice: WicClient;
let bob: WicClient;

beforeAll(async () => {
  edge = await Edge.start();
  alice = await edge.register('alice');
  bob = await edge.register('bob');
});
beforeEach(() => {
  edge.core.answer = (request) => edge.core.answerWell(request);
});
afterEach(async () => {
  expect(await edge.tryService(alice)).toBe(200);
});
afterAll(() => edge.stop());

function atCore(method: string): SipRequest | undefined {
  return edge.core.requests.findLast((request) => request.method === method);
}

type Row = readonly [
  rule: string,
  parts: RequestParts,
  statusCode: number,
  reasonPhrase: string,
  unsupported: readonly string[],
];

const rules: readonly Row[] = [
  ['[RFC 3261 16.3-1] a broken Request-URI', { requestUri: 'sip:a@b:0' }, 400, 'Malformed Request-URI', []],
  ['[RFC 3261 16.3-2] an unknown scheme', { requestUri: 'http://ims.example' }, 416, 'Unsupported URI Scheme', []],
  ['[RFC 3261 16.3-2] a service', { requestUri: 'urn:service:counseling' }, 416, 'Unsupported URI Scheme', []],
  ['[RFC 3261 16.3-3] no hop left', { headers: [['Max-Forwards', '0']] }, 483, 'Too Many Hops', []],
  ['[RFC 3261 16.3-5] an extension', { headers: [['Proxy-Require', 'foo']] }, 420, 'Bad Extension', ['foo']],
  [
    '[RFC 3261 16.3-5] two extensions',
    { headers: [['Proxy-Require', 'sec-agree, foo']] },
    420,
    'Bad Extension',
    ['sec-agree', 'foo'],
  ],
];

describe.each(['REGISTER', 'MESSAGE', 'INVITE', 'OPTIONS'])('[RFC 3261 16.3] %s of a WIC', (method) => {
  it.each(rules)('%s: it is told so, and the core hears nothing', async (...row) => {
    const [, parts, statusCode, reasonPhrase, unsupported] = row;
    edge.core.requests.length = 0;
    const response = await alice.request(method, parts);
    expect(response).toMatchObject({ statusCode, reasonPhrase });
    expect(response.headers.all('Unsupported')).toEqual(unsupported);
    expect(edge.core.requests).toEqual([]);
  });
});

describe('[RFC 3261 16.6] what passes', () => {
  it('[RFC 3261 16.6-3] the last hop, and an extension for the callee', async () => {
    const headers = [
      ['Max-Forwards', '1'],
      ['Require', 'foo'],
    ] as const;
    expect((await alice.request('MESSAGE', { headers })).statusCode).toBe(200);
    expect(atCore('MESSAGE')?.headers.first('Max-Forwards')).toBe('0');
    expect(atCore('MESSAGE')?.headers.all('Require')).toEqual(['foo']);
  });

  it('[RFC 3261 16.6-4] for a sips: address the way back is a sips: URI', async () => {
    const headers = [['To', '<sips:bob@ims.example>']] as const;
    expect((await alice.request('INVITE', { requestUri: 'sips:bob@ims.example', headers })).statusCode).toBe(200);
    expect(atCore('INVITE')?.headers.first('Record-Route')).toMatch(/^<sips:[\w-]+@127\.0\.0\.1:\d+;lr>$/u);
    const [route, to, callId] = ['Record-Route', 'To', 'Call-ID'].map(
      (name) => alice.responses.at(-1)?.headers.first(name) ?? '',
    );
    const inDialog = [
      ['Route', `${route}, ${edge.core.sCscf}`],
      ['To', to ?? ''],
      ['Call-ID', callId ?? ''],
    ] as const;
    expect((await alice.request('BYE', { requestUri: 'sips:bob@ims.example', headers: inDialog })).statusCode).toBe(
      200,
    );
  });

  it('[RFC 3261 21.4.1] a 400 says which header field is wrong, and shows no value', async () => {
    const dave = await edge.connect('dave');
    const headers = [['Contact', '<sip:dave@s3cret']] as const;
    const response = await dave.register(await edge.waf.issue('dave'), { headers });
    expect(`${response.statusCode} ${response.reasonPhrase}`).toBe('400 Malformed Contact');
    await dave.close();
  });
});

describe('[RFC 5393 4] going round', () => {
  /** The request of the core for bob; `vias` are those that it has come by. */
  function forBob(callId: string, vias: readonly string[] = [], headers: readonly (readonly [string, string])[] = []) {
    const find = (request: SipRequest): boolean => request.headers.first('To')?.includes('bob') === true;
    const path = edge.core.requests.findLast((request) => request.method === 'REGISTER' && find(request));
    return {
      method: 'MESSAGE',
      requestUri: 'sip:bob@bob.invalid;transport=ws',
      headers: Headers.of(
        ...vias.map((via) => ['Via', via] as const),
        ['Max-Forwards', '60'],
        ['From', '<sip:alice@ims.example>;tag=a'],
        ['To', '<sip:bob@ims.example>'],
        ['Call-ID', callId],
        ['CSeq', '1 MESSAGE'],
        ['Route', path?.headers.first('Path') ?? ''],
        ...headers,
      ),
      body: noBody,
    };
  }

  beforeEach(async () => {
    expect((await bob.register(await edge.waf.issue('bob'))).statusCode).toBe(200);
    bob.requests.length = 0;
  });

  it('[RFC 5393 4.2] from a WIC by the core to a WIC of the same edge is a spiral: it passes', async () => {
    const sent = alice.create('MESSAGE', { requestUri: 'sip:bob@ims.example' });
    const callId = sent.headers.first('Call-ID') ?? '';
    edge.core.answer = () => undefined;
    alice.send(sent);
    const held = await edge.core.next(({ headers }) => headers.first('Call-ID') === callId);
    edge.core.answer = (request) => edge.core.answerWell(request);
    const answer = edge.core.send(forBob(callId, held.headers.all('Via')));
    bob.respond(await bob.nextRequest('MESSAGE'), 200);
    expect((await answer).statusCode).toBe(200);
    edge.core.respond(held, edge.core.answerWell(held));
    expect((await alice.responseTo(sent)).statusCode).toBe(200);
  });

  it('[RFC 5393 4.2] what comes back unchanged is a loop: 482, and the WIC gets it once', async () => {
    const first = edge.core.send(forBob('round'));
    const got = await bob.nextRequest('MESSAGE');
    const again = await edge.core.send(forBob('round', got.headers.all('Via')));
    expect(again).toMatchObject({ statusCode: 482, reasonPhrase: 'Loop Detected' });
    expect(bob.requests).toHaveLength(1);
    bob.respond(got, 200);
    expect((await first).statusCode).toBe(200);
  });

  it.each([
    ['[RFC 3261 16.3-5] an extension for proxies', 'Proxy-Require', 'foo', 420],
    ['[RFC 5393 5.3.3] no branch left', 'Max-Breadth', '0', 440],
  ])('%s, of the core: refused, and the WIC hears nothing', async (_rule, name, value, statusCode) => {
    const response = await edge.core.send(forBob(`refused-${name}`, [], [[name, value]]));
    expect(response.statusCode).toBe(statusCode);
    expect(response.headers.all('Unsupported')).toEqual(name === 'Proxy-Require' ? [value] : []);
    expect(bob.requests).toEqual([]);
  });
});
