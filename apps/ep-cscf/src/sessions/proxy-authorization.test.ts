import { DigestClient, parseDigestCredentials, type SipRequest } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DigestEdge } from '../testing/digest-edge.ts';
import type { DigestWic } from '../testing/digest-wic.ts';
import { Edge } from '../testing/edge.ts';
import type { WicClient } from '../testing/wic-client.ts';

type Pair = readonly [name: string, value: string];

let edge: Edge;
let digest: DigestEdge;
let carol: WicClient;
let dora: DigestWic;

beforeAll(async () => {
  edge = await Edge.start();
  carol = await edge.register('carol');
  digest = new DigestEdge(edge);
});
beforeEach(async () => {
  digest.restartCore();
  dora = await digest.register();
  edge.core.requests.length = 0;
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
  await dora.wic.close();
});
afterAll(() => edge.stop());

const to: Pair = ['To', '<sip:bob@ims.example>'];
const header = 'Proxy-Authorization';
const answerOf = (changes = ''): string =>
  `Digest username="dora@ims.example",realm="ims.example",nonce="n",uri="sip:bob@ims.example",response="${'a'.repeat(32)}",qop=auth,nc=00000001,cnonce="c"${changes}`;

/** What the core gets of it. */
async function passed(wic: WicClient, values: readonly string[], method = 'INVITE'): Promise<readonly string[]> {
  const headers = [to, ...values.map((value): Pair => [header, value])];
  await wic.request(method, { requestUri: 'sip:bob@ims.example', headers });
  const got = await edge.core.next((request) => request.method === method);
  return got.headers.all(header);
}

describe('an answer to the challenge of the S-CSCF', () => {
  it.each(['INVITE', 'MESSAGE', 'SUBSCRIBE'])('[N.2.1.2 f] [N.2.1.2] passes with a %s', async (method) => {
    const [value, ...more] = await passed(dora.wic, [answerOf()], method);
    expect(more).toEqual([]);
    expect(parseDigestCredentials(value ?? '', header)).toEqual(parseDigestCredentials(answerOf(), header));
  });

  it('[N.2.1.2] the challenge reaches the UE, and the answer to it the core', async () => {
    const challenge = 'Digest realm="ims.example",nonce="n1",algorithm=SHA-256,qop="auth"';
    const isAsked = ({ method, headers }: SipRequest): boolean => method === 'INVITE' && !headers.has(header);
    edge.core.answer = (request) => {
      if (!isAsked(request)) return edge.core.answerWell(request);
      const { headers, ...rest } = edge.core.answerWell(request);
      return { ...rest, statusCode: 407, headers: headers.with('Proxy-Authenticate', challenge) };
    };
    const first = dora.wic.create('INVITE', { requestUri: 'sip:bob@ims.example', headers: [to] });
    const asked = await dora.exchange(first);
    expect(asked.statusCode).toBe(407);
    expect(asked.headers.all('Proxy-Authenticate')).toEqual([challenge]);
    const user = { username: 'dora@ims.example', password: 'dora-demo' };
    const client = new DigestClient({ findUser: () => user, random: (length) => new Uint8Array(length) });
    expect((await dora.exchange(client.retry(first, asked))).statusCode).toBe(200);
  });

  it.each([
    ['of another realm', [answerOf().replace('realm="ims.example"', 'realm="other.example"')]],
    ['of another user', [answerOf().replace('dora@', 'erik@')]],
    ['of a user in hash', [answerOf(',userhash=true')]],
    ['twice', [answerOf(), answerOf(',opaque="2"')]],
    ['that cannot be read', ['Digest username="dora@ims.example"']],
    ['that is a token', ['Bearer stolen.token.value']],
  ])('[N.2.1.2] [24.371 7.2.1] %s does not pass', async (_what, values) => {
    expect(await passed(dora.wic, values)).toEqual([]);
  });

  it('[N.2.1.2] [24.229 7.2A.2] passes without what only a trusted node says', async () => {
    const [value = ''] = await passed(dora.wic, [answerOf(',integrity-protected=tls-yes,wwsf="x"')]);
    expect(parseDigestCredentials(value, header).params.size).toBe(0);
  });

  it('[N.2.1.2] [X.3.2.3] does not pass from who is registered by a token: nobody asks them', async () => {
    const own = answerOf().replace('dora@', 'carol@');
    expect(await passed(carol, [own])).toEqual([]);
  });

  it('[N.2.1.2] does not pass inside a dialog, where nobody is asked', async () => {
    edge.core.answer = (request) => {
      const { headers, ...rest } = edge.core.answerWell(request);
      return { ...rest, headers: headers.prepend('Record-Route', edge.core.sCscf) };
    };
    const success = await dora.wic.request('INVITE', { requestUri: 'sip:bob@ims.example', headers: [to] });
    const headers: readonly Pair[] = [
      ['To', success.headers.first('To') ?? ''],
      ['Call-ID', success.headers.first('Call-ID') ?? ''],
      ['Route', success.headers.all('Record-Route').toReversed().join(', ')],
      [header, answerOf()],
    ];
    const { statusCode } = await dora.wic.request('BYE', { requestUri: 'sip:bob@bob.invalid', headers });
    expect(statusCode).toBe(200);
    expect((await edge.core.next(({ method }) => method === 'BYE')).headers.has(header)).toBe(false);
  });

  it('[N.2.1.2] does not pass by who is not registered', async () => {
    const mallory = await edge.connect('mallory');
    const headers: readonly Pair[] = [to, ['From', '<sip:dora@ims.example>;tag=1'], [header, answerOf()]];
    expect((await mallory.request('INVITE', { requestUri: 'sip:bob@ims.example', headers })).statusCode).toBe(403);
    expect(edge.core.requests).toEqual([]);
    await mallory.close();
  });
});
