/**
 * Who is given a TURN credential in the 200 of a REGISTER or OPTIONS, by every way of registration.
 *
 * @module
 */
import { deriveOpc } from '@wicgate/aka';
import { createResponse, type ExtTurnCred, parseExtTurnCred, type SipResponse } from '@wicgate/sip';
import { turnPassword } from '@wicgate/turn-credentials';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AkaRegistrar } from '../testing/aka-registrar.ts';
import { AkaWic } from '../testing/aka-wic.ts';
import { DigestEdge, identity } from '../testing/digest-edge.ts';
import { Edge, turnSecret } from '../testing/edge.ts';
import type { RequestParts, WicClient } from '../testing/wic-client.ts';

const cred = '3gpp-ext-turn-cred';
/** Test set 1 of TS 35.207. */
const k = Buffer.from('465b5ce8b199b49faa5f0a2ee238a6bc', 'hex');
const sim = { k, opc: deriveOpc(k, Buffer.from('cdc202d5123e20f62b6d676ac72cb318', 'hex')) };
let edge: Edge;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.start({
    EP_CSCF_POOLS: 'wwsf.ims.example=guest-*@ims.example',
    EP_CSCF_TURN_HASH: 'sha256',
    EP_CSCF_TURN_POLICY: 'mallory*@ims.example=refused,guest-*@ims.example=600',
  });
  carol = await edge.register('carol');
});
beforeEach(() => {
  edge.core.answer = (request) => edge.core.answerWell(request);
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
});
afterAll(() => edge.stop());

interface Way {
  readonly wic: WicClient;
  readonly register: (parts?: RequestParts) => Promise<SipResponse>;
}

async function byToken(name: string): Promise<Way> {
  const wic = await edge.connect(name);
  return { wic, register: async (parts) => wic.register(await edge.waf.issue(name), parts) };
}

async function byDigest(): Promise<Way> {
  const dora = await new DigestEdge(edge).connect();
  return { wic: dora.wic, register: (parts) => dora.register(parts) };
}

async function byAka(): Promise<Way> {
  const registrar = new AkaRegistrar('erik@ims.example', sim, (request) => edge.core.answerWell(request));
  edge.core.answer = (request) =>
    request.method === 'REGISTER' ? registrar.answer(request) : edge.core.answerWell(request);
  const erik = new AkaWic(await edge.connect('erik'), { keys: sim });
  return { wic: erik.wic, register: (parts) => erik.register(parts) };
}

const ways: readonly (readonly [string, () => Promise<Way>, number])[] = [
  ['web credentials', () => byToken('bob'), 3_600],
  ['SIP Digest', byDigest, 3_600],
  ['IMS AKA', byAka, 3_600],
  ['a token for a guest', () => byToken('guest-7'), 600],
];

/** The credential in `response`, which is good for about so long. */
function read({ headers }: SipResponse, lifetimeSeconds: number): ExtTurnCred {
  const given = parseExtTurnCred(headers.first(cred) ?? '');
  const left = given.expiresAtSeconds - Date.now() / 1_000;
  expect(left).toBeGreaterThan(lifetimeSeconds - 30);
  expect(left).toBeLessThanOrEqual(lifetimeSeconds + 1);
  return given;
}

describe('a TURN credential', () => {
  it.each(ways)(
    '[X.5.2.1 b] [X.5.2.2-2] [X.5.2.2-3] [X.5.2.2-3 a] [eP-CSCF 17] for who registers by %s comes at any time once asked for',
    async (_way, open, lifetimeSeconds) => {
      const { wic, register } = await open();
      const first = await register({ headers: [[cred, 'request']] });
      expect(first.statusCode).toBe(200);
      const given = read(first, lifetimeSeconds);
      const key = new TextEncoder().encode(turnSecret);
      expect(given.password).toBe(turnPassword(key, `${given.tid}:${given.expiresAtSeconds}`, 'sha256'));
      // Not in the 401 on the way, where there was one; nor where nobody asked.
      const before = wic.responses.filter(({ statusCode }) => statusCode !== 200);
      expect(before.filter(({ headers }) => headers.has(cred))).toEqual([]);
      expect((await register()).headers.has(cred)).toBe(false);
      expect(read(await register({ headers: [[cred, '']] }), lifetimeSeconds)).toEqual(given);
      expect(read(await wic.request('OPTIONS', { headers: [[cred, '?']] }), lifetimeSeconds)).toEqual(given);
      await wic.close();
    },
  );

  it.each(['3GPP-Ext-TURN-Cred', '3gpp-ext-turn-cred', '3GPP-EXT-TURN-CRED'])(
    '[X.5.2.2-2] is asked for with %s, and any value',
    async (header) => {
      const { wic, register } = await byToken('bob');
      for (const value of ['', 'request', 'a:1700000000:AAAA', '<sip:x@y>;z="\\"']) {
        const response = await register({ headers: [[header, value]] });
        read(response, 3_600);
        expect(response.headers.count(cred)).toBe(1);
      }
      await wic.close();
    },
  );

  it('[X.5.3.1 c] [X.5.2.2-3 a] names nobody', async () => {
    const { wic, register } = await byToken('bob');
    const { tid } = read(await register({ headers: [[cred, '']] }), 3_600);
    expect(tid).toMatch(/^[a-f][0-9a-f]{23}$/u);
    await wic.close();
  });

  it('[X.5.2.2-3] never comes in a 401 or 403, whatever the core says, and tells the core nothing', async () => {
    const { wic, register } = await byToken('bob');
    for (const statusCode of [401, 403, 500]) {
      edge.core.answer = (request) =>
        createResponse(request, statusCode, { toTag: 'x', headers: [[cred, 'a1:1700000000:AAAA']] });
      const response = await register({ headers: [[cred, '']] });
      expect([response.statusCode, response.headers.has(cred)]).toEqual([statusCode, false]);
    }
    edge.core.answer = (request) => edge.core.answerWell(request);
    expect(edge.core.requests.filter(({ headers }) => headers.has(cred))).toEqual([]);
    read(await register({ headers: [[cred, '']] }), 3_600);
    const forged = await edge.waf.issue('bob', { forged: true });
    const refused = await wic.register(forged, { headers: [[cred, '']] });
    expect(refused.statusCode).toBeGreaterThanOrEqual(400);
    expect(refused.headers.has(cred)).toBe(false);
    await wic.closed;
  });

  it('[X.5.2.2-3] never comes in the 200 of a deregistration, even where another registration stays', async () => {
    const { wic, register } = await byDigest();
    const second = identity('dora-2');
    expect((await register()).statusCode).toBe(200);
    read(await register({ headers: [...second, [cred, '']] }), 3_600);
    const goodbye = await register({ headers: [...second, [cred, ''], ['Expires', '0']] });
    expect([goodbye.statusCode, goodbye.headers.has(cred)]).toEqual([200, false]);
    read(await wic.request('OPTIONS', { headers: [[cred, '']] }), 3_600);
    const all = await register({
      headers: [
        [cred, ''],
        ['Contact', '*'],
        ['Expires', '0'],
      ],
    });
    expect([all.statusCode, all.headers.has(cred)]).toEqual([200, false]);
    expect((await wic.request('OPTIONS', { headers: [[cred, '']] })).statusCode).toBe(403);
    await wic.close();
  });
});

describe('a user to whom the policy refuses TURN', () => {
  it('[X.5.2.1 b] [X.5.2.2-3] [eP-CSCF 17] registers without a credential; OPTIONS says why there is none', async () => {
    const { wic, register } = await byToken('mallory2');
    const response = await register({ headers: [[cred, '']] });
    expect([response.statusCode, response.headers.has(cred)]).toEqual([200, false]);
    const options = await wic.request('OPTIONS', { headers: [[cred, '']] });
    expect(options).toMatchObject({ statusCode: 403, reasonPhrase: 'TURN not allowed' });
    expect(options.headers.has(cred)).toBe(false);
    expect(await edge.tryService(wic)).toBe(200);
    const metrics = await edge.operations.metrics.metrics();
    for (const kind of ['fresh', 'again', 'refused']) {
      expect(metrics).toMatch(new RegExp(`ep_cscf_turn_credentials_total\\{kind="${kind}"\\} [1-9]`, 'u'));
    }
    await wic.close();
  });
});
