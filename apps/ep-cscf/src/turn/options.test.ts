import { parseExtTurnCred, type SipResponse } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';
import type { WicClient } from '../testing/wic-client.ts';

const cred = '3gpp-ext-turn-cred';
let edge: Edge;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.start({ EP_CSCF_TURN_REQUESTS_PER_MINUTE: '3' });
  carol = await edge.register('carol');
});
beforeEach(() => {
  edge.core.requests.length = 0;
  edge.core.answer = (request) => edge.core.answerWell(request);
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
});
afterAll(() => edge.stop());

describe('OPTIONS for TURN credentials', () => {
  it('[X.5.2.2-4] [eP-CSCF 17] is answered here for a registered WIC, so many times a minute', async () => {
    const bob = await edge.register('bob');
    edge.core.requests.length = 0;
    const ask = (): Promise<SipResponse> =>
      bob.request('OPTIONS', {
        headers: [
          [cred, 'x'],
          ['To', '<sip:ims.example>'],
        ],
      });
    const values = [await ask(), await ask(), await ask()].map(({ headers }) => headers.first(cred) ?? '');
    expect(() => parseExtTurnCred(values[0] ?? '')).not.toThrow();
    expect(new Set(values).size).toBe(1);
    const fourth = await ask();
    expect(fourth.statusCode).toBe(503);
    expect(fourth.headers.first('Retry-After')).toBe('60');
    expect(edge.core.requests).toEqual([]);
    await bob.close();
  });

  it('[RFC 3261 8.2.2.3] is answered as by any user agent: what it must know and does not, it names', async () => {
    const bob = await edge.register('bob');
    const refused = await bob.request('OPTIONS', {
      headers: [
        [cred, ''],
        ['Require', 'foo'],
      ],
    });
    expect(refused).toMatchObject({ statusCode: 420, reasonPhrase: 'Bad Extension' });
    expect(refused.headers.all('Unsupported')).toEqual(['foo']);
    expect(refused.headers.has(cred)).toBe(false);
    const last = await bob.request('OPTIONS', {
      headers: [
        [cred, ''],
        ['Max-Forwards', '0'],
      ],
    });
    expect(last.statusCode).toBe(200);
    await bob.close();
  });

  it('[X.5.2.2-3] gives all flows of a user one Tid, and REGISTER the same: the quota of TURN holds', async () => {
    const flows = [await edge.connect('bob'), await edge.connect('bob')];
    const values: (string | undefined)[] = [];
    for (const [at, bob] of flows.entries()) {
      const contact = `${bob.contact};+sip.instance="<urn:uuid:bob-${at}>";reg-id=1`;
      const headers = [
        [cred, ''],
        ['Contact', contact],
      ] as const;
      for (let count = 0; count < 2; count += 1) {
        values.push((await bob.register(await edge.waf.issue('bob'), { headers })).headers.first(cred));
      }
    }
    expect(values).toHaveLength(4);
    expect(new Set(values).size).toBe(1);
    const other = await edge.connect('dora');
    const response = await other.register(await edge.waf.issue('dora'), { headers: [[cred, '']] });
    expect(parseExtTurnCred(response.headers.first(cred) ?? '').tid).not.toContain(
      parseExtTurnCred(values[0] ?? '').tid,
    );
    for (const wic of [...flows, other]) await wic.close();
  });

  it('[X.5.2.2-3] [eP-CSCF 17] is refused before registration', async () => {
    const bob = await edge.connect('bob');
    const response = await bob.request('OPTIONS', { headers: [[cred, '']] });
    expect(response.statusCode).toBe(403);
    expect(response.headers.has(cred)).toBe(false);
    await bob.close();
  });

  it.each([
    ['without the header', {}],
    ['to somebody', { requestUri: 'sip:dave@ims.example', headers: [[cred, '']] }],
  ] as const)('[contract] travels on %s', async (_how, parts) => {
    const bob = await edge.register('bob');
    const response = await bob.request('OPTIONS', parts);
    expect(response.statusCode).toBe(200);
    expect(response.headers.has(cred)).toBe(false);
    const travelled = await edge.core.next(({ method }) => method === 'OPTIONS');
    expect(travelled.headers.has(cred)).toBe(false);
    await bob.close();
  });
});
