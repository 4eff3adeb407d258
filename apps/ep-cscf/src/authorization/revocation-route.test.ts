import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';
import { later, Revoker } from '../testing/revoker.ts';
import type { TokenChanges } from '../testing/waf-server.ts';
import type { WicClient } from '../testing/wic-client.ts';

const wwsfs = [{ client_id: 'web', identity: 'wwsf.partner.example' }];
let edge: Edge;
let revoker: Revoker;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.start({}, wwsfs);
  revoker = await Revoker.open(edge);
  carol = await edge.register('carol');
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
});
afterAll(() => edge.stop());

describe('a request to revoke', () => {
  const statements: readonly (readonly [fault: string, changes: TokenChanges, status: number])[] = [
    ['forged', { forged: true }, 401],
    ['of another type', { header: { typ: 'at+jwt' } }, 401],
    ['of another audience', { claims: { aud: 'https://other.ims.example' } }, 401],
    ['of an unknown issuer', { claims: { iss: 'https://evil.example' } }, 403],
    ['without jti', { claims: { jti: undefined } }, 401],
    ['without iat', { claims: { iat: undefined } }, 401],
    ['without exp', { claims: { exp: undefined } }, 401],
    ['good for more than a minute', { claims: { exp: Math.floor(Date.now() / 1_000) + 3_600 } }, 401],
    ['expired', { claims: { iat: 1_600_000_000, exp: 1_600_000_060 } }, 401],
    ['of the future', { claims: { iat: 4_000_000_000, exp: 4_000_000_060 } }, 401],
  ];

  it.each(statements)(
    '[REQ 2.3] whose statement is %s is refused and ends nothing',
    async (_fault, changes, status) => {
      const bob = await edge.registerWith('bob', { jti: 'kept' });
      const statement = await edge.waf.state(changes);
      const answer = await revoker.post(`Bearer ${statement}`, { jti: 'kept', exp: later() });
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.body)).toEqual({ error: expect.stringContaining('expected') });
      expect(answer.challenge).toBe(status === 401 ? 'Bearer error="invalid_token"' : null);
      expect(await edge.tryService(bob)).toBe(200);
      await bob.close();
    },
  );

  it.each([undefined, 'Basic YTpi', 'Bearer', 'Bearer a b', 'Bearer ?'])(
    '[REQ 2.3] with %s is refused',
    async (value) => {
      expect((await revoker.post(value, { jti: 'kept', exp: later() })).status).toBe(401);
    },
  );

  it("[REQ 2.3] of a partner in the name of the operator's WAF is refused", async () => {
    const bob = await edge.registerWith('bob', { jti: 'kept' });
    const statement = await edge.partner.state({ claims: { iss: edge.waf.issuer } });
    expect((await revoker.post(`Bearer ${statement}`, { jti: 'kept', exp: later() })).status).toBe(401);
    expect(await edge.tryService(bob)).toBe(200);
    await bob.close();
  });

  it('[REQ 2.3] by an access token is refused, and a statement registers nobody', async () => {
    const token = await edge.waf.issue('bob');
    expect((await revoker.post(`Bearer ${token}`, { jti: 'kept', exp: later() })).status).toBe(401);
    const bob = await edge.connect('bob');
    const claims = {
      sub: 'bob',
      client_id: 'wwsf.ims.example',
      impi: 'bob@ims.example',
      impu: ['sip:bob@ims.example'],
    };
    expect((await bob.register(await edge.waf.state({ claims }))).statusCode).toBe(401);
    expect(await bob.closed).toBe(1_008);
  });

  it('[RFC 7519 4.1.7] is taken once: the same statement again, beside whatever body, is refused', async () => {
    const bob = await edge.registerWith('bob', { jti: 'second' });
    const statement = `Bearer ${await edge.waf.state()}`;
    expect((await revoker.post(statement, { jti: 'first', exp: later() })).status).toBe(204);
    expect((await revoker.post(statement, { jti: 'second', exp: later() })).status).toBe(401);
    expect(await edge.tryService(bob)).toBe(200);
    await bob.close();
  });

  it.each([
    ['no JSON', '{'],
    ['nothing to revoke', { exp: later() }],
    ['token and session at once', { jti: 'a', sid: 'b', exp: later() }],
    ['no end', { jti: 'a' }],
    ['an end far away', { jti: 'a', exp: later() + 40 * 86_400 }],
    ['an end that is no number', { jti: 'a', exp: 'soon' }],
    ['a name that is too long', { jti: 'a'.repeat(256), exp: later() }],
    ['a name that is empty', { sid: '', exp: later() }],
  ])('[RFC 7009 2.2.1] with %s is answered 400', async (_fault, body) => {
    const answer = await revoker.post(`Bearer ${await edge.waf.state()}`, body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ error: expect.stringContaining('expected') });
  });

  it('[operation] counts what was asked, by its outcome', async () => {
    const metric = await edge.operations.metrics.getSingleMetric('ep_cscf_revocations_total')?.get();
    const statuses = metric?.values.map(({ labels }) => labels.status);
    expect(statuses).toEqual(expect.arrayContaining(['204']));
  });
});

it('[limits] a list that is full says so, ends what stands on the token all the same, and is of its WAF only', async () => {
  const own = await Edge.start({ EP_CSCF_REVOCATIONS: '1' }, wwsfs);
  const waf = await Revoker.open(own);
  const bob = await own.registerWith('bob', { jti: 'third' });
  expect((await waf.revoke({ jti: 'first' })).status).toBe(204);
  expect((await waf.revoke({ jti: 'second' })).status).toBe(503);
  expect(await own.tryService(bob)).toBe(200);
  expect((await waf.revoke({ jti: 'third' })).status).toBe(503);
  expect(await bob.closed).toBe(1_008);
  expect((await waf.revoke({ jti: 'first' }, own.partner)).status).toBe(204);
  expect(own.lines.some((line) => line.includes('revocations.full'))).toBe(true);
  await own.stop();
});
