import type { SipRequest } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';
import type { WicClient } from '../testing/wic-client.ts';

const cred = '3gpp-ext-turn-cred';
let edge: Edge;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.start();
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

/** The REGISTER that the core got from a user. */
function registerAtCore(name: string): Promise<SipRequest> {
  return edge.core.next(({ method, headers }) => method === 'REGISTER' && headers.first('To')?.includes(name) === true);
}

describe('the binding', () => {
  it('[6.1.1] outlives a re-registration that the core refuses', async () => {
    const bob = await edge.register('bob');
    edge.core.answer = (request) =>
      request.method === 'REGISTER'
        ? { ...edge.core.answerWell(request), statusCode: 500 }
        : edge.core.answerWell(request);
    expect((await bob.register(await edge.waf.issue('bob'))).statusCode).toBe(500);
    expect(await edge.tryService(bob)).toBe(200);
    await bob.close();
  });

  it('[X.3.2.3-7] needs a valid token for each re-registration', async () => {
    const bob = await edge.register('bob');
    expect((await bob.register(await edge.waf.issue('bob'))).statusCode).toBe(200);
    expect((await bob.register(await edge.waf.issue('bob', { forged: true }))).statusCode).toBe(401);
    expect(await bob.closed).toBe(1_008);
  });

  it.each([
    ['expires 0', [['Expires', '0']]],
    [
      'Contact *',
      [
        ['Contact', '*'],
        ['Expires', '0'],
      ],
    ],
  ] as const)('[24.229 5.2.5] ends with a deregistration by %s', async (_way, headers) => {
    const bob = await edge.register('bob');
    expect(
      (await bob.register(await edge.waf.issue('bob'), { headers: [...headers, [cred, '']] })).headers.has(cred),
    ).toBe(false);
    expect(await edge.tryService(bob)).toBe(403);
    expect((await bob.register(await edge.waf.issue('bob'))).statusCode).toBe(200);
    expect(await edge.tryService(bob)).toBe(200);
    await bob.close();
  });

  it('[X.3.2.3-7] ends when the granted time passes', async () => {
    const bob = await edge.connect('bob');
    await bob.register(await edge.waf.issue('bob'), { headers: [['Expires', '1']] });
    expect(await edge.tryService(bob)).toBe(200);
    await expect.poll(() => edge.tryService(bob), { timeout: 5_000, interval: 200 }).toBe(403);
    await bob.close();
  });

  it('[RFC 5626 5.3] passes to a newer connection of the same instance; the older one is closed with 4000', async () => {
    const old = await edge.register('bob');
    const newer = await edge.register('bob');
    expect(await old.closed).toBe(4_000);
    expect(await edge.tryService(newer)).toBe(200);
    await newer.close();
  });

  it('[X.3.2.3-7] does not come about on a connection that closed meanwhile', async () => {
    const bob = await edge.connect('bob');
    edge.core.answer = (request) => (request.method === 'REGISTER' ? undefined : edge.core.answerWell(request));
    bob.send(bob.create('REGISTER', { headers: [['Authorization', `Bearer ${await edge.waf.issue('bob')}`]] }));
    const held = await registerAtCore('bob');
    await bob.close();
    const before = await flowsNow();
    edge.core.respond(held, edge.core.answerWell(held));
    edge.core.answer = (request) => edge.core.answerWell(request);
    expect(await edge.tryService(carol)).toBe(200);
    expect(await flowsNow()).toBe(before);
  });

  async function flowsNow(): Promise<number> {
    const metric = await edge.operations.metrics.getSingleMetric('ep_cscf_registered_flows')?.get();
    return metric?.values[0]?.value ?? -1;
  }
});
