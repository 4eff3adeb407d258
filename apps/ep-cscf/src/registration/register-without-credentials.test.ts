import type { SipRequest, SipResponse } from '@wicgate/sip';
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

describe('a REGISTER without credentials', () => {
  it('[W2] [P.3] [eP-CSCF 5] is forwarded as it is; after the 401 challenges of the core comes one Bearer challenge', async () => {
    edge.core.answer = (request) =>
      request.method === 'REGISTER' ? challenged(request) : edge.core.answerWell(request);
    const dora = await edge.connect('dora');
    const response = await dora.request('REGISTER', { headers: [[cred, '']] });
    expect(response.statusCode).toBe(401);
    const challenges = response.headers.all('WWW-Authenticate');
    expect(challenges).toHaveLength(3);
    expect(challenges[0]).toContain('algorithm=MD5');
    expect(challenges[1]).toContain('algorithm=SHA-256');
    expect(challenges[2]).toBe(
      `Bearer realm="ims.example",authz_server="${edge.waf.issuer}",scope="webrtc-ims-client-access-to-ims"`,
    );
    expect(response.headers.has(cred)).toBe(false);
    expect((await registerAtCore('dora')).headers.has('Authorization')).toBe(false);
    expect((await dora.request('REGISTER')).statusCode).toBe(401);
    await dora.close();
  });

  it.each(['JsSIP 3.13.8', 'SIP.js/0.21.1'])(
    '[RFC 3261 22.1] leaves it at those of the core for %s, which keeps the last',
    async (agent) => {
      edge.core.answer = (request) =>
        request.method === 'REGISTER' ? challenged(request) : edge.core.answerWell(request);
      const dora = await edge.connect('dora');
      const response = await dora.request('REGISTER', { headers: [['User-Agent', agent]] });
      expect(response.headers.all('WWW-Authenticate').filter((value) => value.startsWith('Bearer'))).toEqual([]);
      expect(response.headers.count('WWW-Authenticate')).toBe(2);
      await dora.close();
    },
  );

  it.each(['JsSIPlike', 'x JsSIP', ''])('[W2] adds it for another user agent: "%s"', async (agent) => {
    edge.core.answer = (request) =>
      request.method === 'REGISTER' ? challenged(request) : edge.core.answerWell(request);
    const dora = await edge.connect('dora');
    const response = await dora.request('REGISTER', { headers: [['User-Agent', agent]] });
    expect(response.headers.count('WWW-Authenticate')).toBe(3);
    await dora.close();
  });

  it('[X.2.3.3] [eP-CSCF 14] never hands CK and IK to the UE', async () => {
    edge.core.answer = (request) =>
      request.method === 'REGISTER' ? challenged(request) : edge.core.answerWell(request);
    const dora = await edge.connect('dora');
    const response = await dora.request('REGISTER');
    expect(response.headers.toString()).not.toMatch(/[,\s](?:ck|ik)=/u);
    await dora.close();
  });

  it.each([
    ['ck alone', 'Digest realm="a",nonce="n",ck="0123"', 1],
    ['in another case, with spaces', 'Digest realm="a",nonce="n", CK = "0123" , Ik="4567"', 1],
    ['beside another challenge', 'Bearer realm="b", Digest realm="a",nonce="n",ik="0123"', 1],
    ['of another scheme', 'Basic realm="a",ck="0123"', 0],
    ['in what cannot be read', 'Digest realm="a",nonce="n",,ck="0123', 0],
  ])('[X.2.3.3] never hands keys to the UE: %s', async (_how, challenge, left) => {
    edge.core.answer = (request) => {
      const response = edge.core.answerWell(request);
      if (request.method !== 'REGISTER') return response;
      return { ...response, statusCode: 401, headers: response.headers.with('WWW-Authenticate', challenge) };
    };
    const dora = await edge.connect('dora');
    const { headers } = await dora.request('REGISTER');
    expect(headers.toString()).not.toMatch(/0123|4567/u);
    // The last one names the WAF.
    expect(headers.count('WWW-Authenticate')).toBe(left + 1);
    await dora.close();
  });

  it('[W2] passes a 403 of the core as it is and stays open', async () => {
    edge.core.answer = (request) =>
      request.method === 'REGISTER'
        ? { ...edge.core.answerWell(request), statusCode: 403 }
        : edge.core.answerWell(request);
    const dora = await edge.connect('dora');
    const response = await dora.request('REGISTER');
    expect(response.statusCode).toBe(403);
    expect(response.headers.has('WWW-Authenticate')).toBe(false);
    expect((await dora.request('REGISTER')).statusCode).toBe(403);
    await dora.close();
  });

  it('[P.3] carries nothing that the UE says of itself to the core', async () => {
    const dora = await edge.connect('dora');
    const authorization = 'Digest username="carol@ims.example",integrity-protected="auth-done"';
    await dora.request('REGISTER', { headers: [['Authorization', authorization]] });
    expect((await registerAtCore('dora')).headers.has('Authorization')).toBe(false);
    await dora.close();
  });

  it('[X.3.2.3-7] binds nobody, even where the core lets it pass', async () => {
    const dora = await edge.connect('dora');
    expect((await dora.request('REGISTER')).statusCode).toBe(500);
    expect(await edge.tryService(dora)).toBe(403);
    await dora.close();
  });

  function challenged(request: SipRequest): SipResponse {
    const { headers, ...rest } = edge.core.answerWell(request);
    const md5 = 'Digest realm="ims.example",nonce="a",algorithm=MD5,qop="auth",ck="0123",ik="4567"';
    const sha256 = 'Digest realm="ims.example",nonce="b",algorithm=SHA-256,qop="auth"';
    return {
      ...rest,
      statusCode: 401,
      headers: headers.with('WWW-Authenticate', md5).with('WWW-Authenticate', sha256),
    };
  }
});
