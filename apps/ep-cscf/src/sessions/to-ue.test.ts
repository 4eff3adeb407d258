import {
  type ClientTransaction,
  Headers,
  noBody,
  parseNameAddr,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';
import type { WicClient } from '../testing/wic-client.ts';

let edge: Edge;
let bob: WicClient;
let carol: WicClient;
/** The Path that the core got with bob's REGISTER. */
let path: string;
let number = 0;

beforeAll(async () => {
  edge = await Edge.start();
  carol = await edge.register('carol');
});
beforeEach(async () => {
  bob = await edge.register('bob');
  path = await pathOf('bob');
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
  await bob.close();
});
afterAll(() => edge.stop());

async function pathOf(name: string): Promise<string> {
  const find = ({ method, headers }: SipRequest): boolean =>
    method === 'REGISTER' && headers.first('To')?.includes(name) === true;
  return edge.core.requests.findLast(find)?.headers.first('Path') ?? '';
}

type Pair = readonly [name: string, value: string];

function toBob(method: string, headers: readonly Pair[] = [], route = path): SipRequest {
  number += 1;
  const mine: readonly Pair[] = [
    ['Max-Forwards', '60'],
    ['From', '<sip:alice@ims.example>;tag=a'],
    ['To', '<sip:bob@ims.example>'],
    ['Call-ID', `core-${number}`],
    ['CSeq', `1 ${method}`],
    ['Contact', '<sip:alice@alice.invalid;transport=ws>'],
    ['Route', route],
  ];
  const replaced = new Set(headers.map(([name]) => name));
  const kept = mine.filter(([name, value]) => !replaced.has(name) && value !== '');
  return {
    method,
    requestUri: 'sip:bob@bob.invalid;transport=ws',
    headers: Headers.of(...kept, ...headers),
    body: noBody,
  };
}

/** What makes a request one of the dialog that `invite` formed. */
function insideOf(invite: SipRequest): readonly Pair[] {
  return [
    ['To', '<sip:bob@ims.example>;tag=bob'],
    ['Call-ID', invite.headers.first('Call-ID') ?? ''],
  ];
}

/** What bob gets and what the core gets back when he answers 200. */
async function deliver(
  request: SipRequest,
  answer: readonly Pair[] = [],
): Promise<{ got: SipRequest; back: SipResponse }> {
  const back = edge.core.send(request);
  const got = await bob.nextRequest(request.method);
  bob.respond(got, 200, answer);
  return { got, back: await back };
}

describe('a request of the core for a WIC', () => {
  it('[RFC 5626 5.3] is delivered on the flow that its Path names; the Request-URI stays', async () => {
    const { got, back } = await deliver(toBob('INVITE'));
    expect(got.requestUri).toBe('sip:bob@bob.invalid;transport=ws');
    expect(got.headers.has('Route')).toBe(false);
    expect(got.headers.first('Max-Forwards')).toBe('59');
    expect(got.headers.first('Record-Route')).toMatch(/^<sip:[\w-]+@127\.0\.0\.1:\d+;transport=tls;lr>$/u);
    expect(back.statusCode).toBe(200);
  });

  it('[24.229 5.2.6.4] comes without charging data and credentials, and with the identity of who calls', async () => {
    const headers: readonly Pair[] = [
      ['P-Charging-Vector', 'icid-value=x'],
      ['P-Charging-Function-Addresses', 'ccf=192.0.2.1'],
      ['P-Asserted-Identity', '<sip:alice@ims.example>'],
      ['Authorization', 'Digest username="alice"'],
      ['Proxy-Authorization', 'Digest username="alice"'],
    ];
    const { got } = await deliver(toBob('MESSAGE', headers));
    expect(got.headers.toString()).not.toContain('Digest');
    expect([...got.headers].filter(({ key }) => key.startsWith('p-charging-'))).toEqual([]);
    expect(got.headers.first('P-Asserted-Identity')).toBe('<sip:alice@ims.example>');
    expect(got.headers.has('Record-Route')).toBe(false);
  });

  it('[RFC 3325 7] comes without the identity of who wants privacy', async () => {
    const headers: readonly Pair[] = [
      ['P-Asserted-Identity', '<sip:alice@ims.example>'],
      ['Privacy', 'header; id'],
    ];
    const { got } = await deliver(toBob('MESSAGE', headers));
    expect(got.headers.has('P-Asserted-Identity')).toBe(false);
  });

  it('[24.229 5.2.6.4] is answered with the identity of the binding, whatever the WIC says', async () => {
    const { back } = await deliver(toBob('INVITE'), [
      ['P-Asserted-Identity', '<sip:carol@ims.example>'],
      ['P-Preferred-Identity', '<sip:carol@ims.example>'],
      ['P-Charging-Vector', 'icid-value=spoofed'],
    ]);
    expect(back.headers.all('P-Asserted-Identity')).toEqual(['<sip:bob@ims.example>']);
    expect(back.headers.has('P-Preferred-Identity')).toBe(false);
    expect(back.headers.has('P-Charging-Vector')).toBe(false);
  });

  it('[N.2.1.2] [N.2.1.2 f] is answered without the challenges of a proxy: the called user asks nobody for a proof', async () => {
    const { back } = await deliver(toBob('MESSAGE'), [
      ['Proxy-Authenticate', 'Digest realm="ims.example",nonce="n"'],
      ['Proxy-Authentication-Info', 'nextnonce="n"'],
    ]);
    expect(back.headers.has('Proxy-Authenticate')).toBe(false);
    expect(back.headers.has('Proxy-Authentication-Info')).toBe(false);
  });

  it('[24.229 5.2.6.4] is answered with the identity that was called, where it is registered', async () => {
    const own = await deliver(toBob('MESSAGE', [['P-Called-Party-ID', '<tel:+493019>']]));
    expect(own.back.headers.all('P-Asserted-Identity')).toEqual(['<tel:+493019>']);
    bob.requests.length = 0;
    const other = await deliver(toBob('MESSAGE', [['P-Called-Party-ID', '<sip:carol@ims.example>']]));
    expect(other.back.headers.all('P-Asserted-Identity')).toEqual(['<sip:bob@ims.example>']);
  });

  it('[24.229 5.2.6.4] gets no identity with a refusal', async () => {
    const back = edge.core.send(toBob('MESSAGE'));
    bob.respond(await bob.nextRequest('MESSAGE'), 486, [['P-Asserted-Identity', '<sip:bob@ims.example>']]);
    expect((await back).headers.has('P-Asserted-Identity')).toBe(false);
  });

  it('[24.229 5.2.6.4] keeps its route set, though the WIC writes another', async () => {
    const record = `<sip:127.0.0.1:${edge.core.ports.sCscf};lr>`;
    const back = edge.core.send(toBob('INVITE', [['Record-Route', record]]));
    const got = await bob.nextRequest('INVITE');
    const changed = { ...got, headers: got.headers.set('Record-Route', '<sip:evil.example;lr>') };
    bob.respond(changed, 200);
    const { headers } = await back;
    expect(headers.all('Record-Route')).toEqual(got.headers.all('Record-Route'));
    expect(headers.all('Record-Route')[1]).toBe(record);
  });

  it.each([180, 200])('[RFC 3261 16.7] keeps its route set and Vias in a %i that leaves them out', async (status) => {
    const record = `<sip:127.0.0.1:${edge.core.ports.sCscf};lr>`;
    const answers: SipResponse[] = [];
    const final = edge.core.send(toBob('INVITE', [['Record-Route', record]]), undefined, (one) => answers.push(one));
    const got = await bob.nextRequest('INVITE');
    const via = got.headers.first('Via') ?? '';
    bob.respond({ ...got, headers: got.headers.without('Record-Route').set('Via', via) }, status);
    if (status < 200) bob.respond(got, 200);
    answers.push(await final);
    const first = answers.find(({ statusCode }) => statusCode === status);
    expect(first?.headers.all('Record-Route')).toEqual(got.headers.all('Record-Route'));
    expect(first?.headers.all('Via')).toEqual(got.headers.all('Via').slice(1));
  });

  it('[RFC 3261 16.6] gets no Record-Route into an answer where it forms no dialog', async () => {
    expect((await deliver(toBob('MESSAGE'))).back.headers.has('Record-Route')).toBe(false);
  });

  it('[RFC 5626 5.3] is answered 430 when the flow breaks while it is under way', async () => {
    const back = edge.core.send(toBob('INVITE'));
    await bob.nextRequest('INVITE');
    bob.socket.terminate();
    expect((await back).statusCode).toBe(430);
    await bob.closed;
  });

  it('[RFC 5626 5.3] follows the flow: a re-connection that registers gets it', async () => {
    const { got } = await deliver(toBob('INVITE'));
    const record = got.headers.first('Record-Route') ?? '';
    await bob.close();
    bob = await edge.register('bob');
    expect((await deliver(toBob('BYE', insideOf(got), record))).back.statusCode).toBe(200);
  });

  it('[RFC 5626 5.1] finds its flow after a restart of the eP-CSCF', async () => {
    await edge.restart();
    await bob.closed;
    carol = await edge.register('carol');
    bob = await edge.register('bob');
    expect((await deliver(toBob('MESSAGE', [], path))).back.statusCode).toBe(200);
  });

  it('[RFC 5626 5.3] is answered 430 when the flow is gone', async () => {
    await bob.close();
    expect((await edge.core.send(toBob('INVITE'))).statusCode).toBe(430);
    bob = await edge.register('bob');
  });

  it('[RFC 5626 5.3] [operation] crosses the end of a page or of a dialog: answered and counted, and nobody is warned', async () => {
    const inside = [['To', '<sip:bob@ims.example>;tag=bob']] as const;
    const invite = (await deliver(toBob('INVITE'))).got;
    const recorded = invite.headers.first('Record-Route') ?? '';
    edge.lines.length = 0;
    expect((await edge.core.send(toBob('NOTIFY', inside, recorded))).statusCode).toBe(481);
    await bob.close();
    expect((await edge.core.send(toBob('NOTIFY', insideOf(invite), recorded))).statusCode).toBe(430);
    const refused = edge.lines.filter((line) => line.includes('request.refused')).map((line) => JSON.parse(line));
    expect(refused.map(({ level, reason }) => [level, reason])).toEqual([
      ['debug', 'no such dialog'],
      ['debug', 'flow gone'],
    ]);
    const text = await edge.operations.metrics.metrics();
    expect(text).toMatch(/^ep_cscf_refusals_total\{side="mw",reason="flow gone"\} \d+$/mu);
    bob = await edge.register('bob');
  });

  it('[24.229 5.2.5] is answered 430 after deregistration, though the connection is open', async () => {
    await bob.register(await edge.waf.issue('bob'), { headers: [['Expires', '0']] });
    expect((await edge.core.send(toBob('INVITE'))).statusCode).toBe(430);
    expect(bob.requests).toEqual([]);
  });

  it.each([
    ['no Route', (): string => '', 404],
    ['a Route that is not ours', (): string => '<sip:127.0.0.1:1;lr>', 404],
    ['no token', (): string => path.replace(/sip:[^@]+@/u, 'sip:'), 403],
    ['a changed token', (): string => path.replace(/sip:.{12}/u, 'sip:AAAAAAAAAAAA'), 403],
    ['a name for a token', (): string => path.replace(/sip:[^@]+@/u, 'sip:bob@'), 403],
  ] as const)('[RFC 5626 5.3] is refused with %s', async (_fault, route, statusCode) => {
    expect((await edge.core.send(toBob('INVITE', [], route()))).statusCode).toBe(statusCode);
    expect(bob.requests).toEqual([]);
  });

  it('[RFC 3261 16.11] an ACK for a 2xx reaches the WIC', async () => {
    const { got } = await deliver(toBob('INVITE'));
    const record = got.headers.first('Record-Route') ?? '';
    await edge.core.sendAck(toBob('ACK', insideOf(got), record));
    expect((await bob.nextRequest('ACK')).headers.has('Route')).toBe(false);
  });

  it('[RFC 3261 16.10] a CANCEL reaches the WIC, and its 487 comes back', async () => {
    const invite = toBob('INVITE');
    const flow = await edge.core.endpoint.connectTls({
      host: '127.0.0.1',
      port: edge.mwPort,
      serverName: 'ep-cscf.ims.example',
      tls: await edge.identity('s-cscf.ims.example'),
    });
    const { layer } = edge.core.endpoint;
    const final = new Promise<number>((resolve) => {
      const client: ClientTransaction<NodeFlow> = layer.request(invite, flow, (event): void => {
        if (event.type !== 'response') return;
        if (event.response.statusCode >= 200) resolve(event.response.statusCode);
        else if (event.response.statusCode === 180) layer.cancel(client, () => {});
      });
    });
    const got = await bob.nextRequest('INVITE');
    bob.respond(got, 180);
    bob.respond(await bob.nextRequest('CANCEL'), 200);
    bob.respond(got, 487);
    expect(await final).toBe(487);
  });
});

describe('who may send on Mw', () => {
  it('[33.210] a peer with a certificate of the authority, but no trusted name, is refused', async () => {
    const stranger = await edge.identity('stranger.ims.example');
    const { core } = edge;
    core.connectTo(edge.mwPort, 'ep-cscf.ims.example');
    const flow = await core.endpoint.connectTls({
      host: 'localhost',
      port: edge.mwPort,
      serverName: 'ep-cscf.ims.example',
      tls: stranger,
    });
    const statusCode = await new Promise<number>((resolve) => {
      core.endpoint.layer.request(toBob('INVITE'), flow, (event) => {
        if (event.type === 'response' && event.response.statusCode >= 200) resolve(event.response.statusCode);
      });
    });
    expect(statusCode).toBe(403);
    expect(bob.requests).toEqual([]);
  });

  it('[RFC 3261 16.6] a token of one user never leads to another', async () => {
    const back = edge.core.send(toBob('MESSAGE', [], await pathOf('carol')));
    carol.respond(await carol.nextRequest('MESSAGE'), 200);
    expect((await back).headers.first('P-Asserted-Identity')).toBe('<sip:carol@ims.example>');
    expect(bob.requests).toEqual([]);
    expect(parseNameAddr(path).uri).toContain('@127.0.0.1:');
    carol.requests.length = 0;
  });
});
