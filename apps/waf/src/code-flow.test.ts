/**
 * The authorization code flow of the operator's own WWSF, over real https.
 *
 * @module
 */
import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  decodeProtectedHeader,
  generateKeyPair,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Browser } from './testing/browser.ts';
import { WafUnderTest } from './testing/waf-under-test.ts';

// Password hashes take their time, on a busy machine most of all.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let waf: WafUnderTest;

beforeAll(async () => {
  waf = await WafUnderTest.start();
});

afterAll(() => waf.stop());

async function verify(
  browser: Browser,
  token: string,
  expected: { audience: string; typ?: string; currentDate?: Date },
): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(`${waf.issuer}/jwks`), {
    [customFetch]: async (url: string) => {
      const { body, status } = await browser.send(new URL(url), { headers: { accept: 'application/json' } });
      return new Response(body, { status });
    },
  });
  const { payload } = await jwtVerify(token, keys, { issuer: waf.issuer, algorithms: ['ES256'], ...expected });
  return payload;
}

describe('Authorization code flow', () => {
  it('[X.3.2.3-0] [WAF 4] leads from the login page to the WWSF without a consent page', async () => {
    const back = await waf.signIn(waf.browser());
    expect(back.url.origin + back.url.pathname).toBe('https://localhost:9/callback');
    expect(Object.fromEntries(back.url.searchParams)).toMatchObject({ state: 'state-1', iss: waf.issuer });
    expect(back.url.searchParams.get('code')).toMatch(/^[\w-]{43}$/);
  });

  it('[RFC 9068 2.2] [X.3.2.3-4] [WAF 2] [WAF 3] issues an access token with the claims of the contract, without a resource parameter', async () => {
    const browser = waf.browser();
    const { access_token, id_token, expires_in, scope } = await waf.tokens(browser);
    expect(decodeProtectedHeader(access_token)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' });
    const claims = await verify(browser, access_token, { audience: 'https://ep-cscf.ims.example', typ: 'at+jwt' });
    expect(claims).toMatchObject({
      impi: 'alice@ims.example',
      impu: ['sip:alice@ims.example'],
      client_id: 'wwsf.ims.example',
      scope: 'webrtc-ims-client-access-to-ims',
      sub: expect.stringMatching(/^[\da-f-]{36}$/),
      sid: expect.stringMatching(/^[\w-]{20,}$/),
      jti: expect.stringMatching(/^[\w-]{20,}$/),
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300);
    expect({ expires_in, scope }).toEqual({ expires_in: 300, scope: 'webrtc-ims-client-access-to-ims' });

    const identity = await verify(browser, id_token, { audience: 'wwsf.ims.example' });
    expect(identity).toMatchObject({ sub: claims.sub, nonce: 'nonce-1', name: 'Alice', preferred_username: 'alice' });
  });

  it('[X.3.2.3-0] signs in again without a password while the session lives', async () => {
    const browser = waf.browser();
    await waf.signIn(browser);
    const again = await browser.open(waf.wwsf.authorizationPath());
    expect(again.url.origin).toBe(waf.wwsf.origin);
    const { json } = await waf.wwsf.exchange(browser, again);
    expect(decodeJwt(json.access_token ?? '')).toMatchObject({ impi: 'alice@ims.example' });
  });

  it('[RFC 7636 4.4.1] refuses a request without PKCE, and the plain method', async () => {
    for (const changed of [
      { code_challenge: undefined, code_challenge_method: undefined },
      { code_challenge_method: 'plain' },
    ]) {
      const back = await waf.browser().open(waf.wwsf.authorizationPath(changed));
      expect(back.url.origin).toBe(waf.wwsf.origin);
      expect(back.url.searchParams.get('error')).toBe('invalid_request');
    }
  });

  it('[RFC 7636 4.6] refuses a wrong code verifier', async () => {
    const browser = waf.browser();
    const changed = { code_verifier: 'x'.repeat(43) };
    const { status, json } = await waf.wwsf.exchange(browser, await waf.signIn(browser), changed);
    expect({ status, error: json.error }).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('[RFC 6749 2.3.1] [REQ 2.0] [WAF 1] [WAF 4] refuses a wrong client secret', async () => {
    const form = { grant_type: 'refresh_token', refresh_token: 'x' };
    const { status, json } = await waf.wwsf.post(waf.browser(), '/token', form, 'y'.repeat(32));
    expect({ status, error: json.error }).toEqual({ status: 401, error: 'invalid_client' });
  });

  it('[RFC 6749 4.1.2] refuses a code used twice, and revokes what came of it', async () => {
    const browser = waf.browser();
    const back = await waf.signIn(browser);
    const { json } = await waf.wwsf.exchange(browser, back);
    expect((await waf.wwsf.exchange(browser, back)).json.error).toBe('invalid_grant');
    expect((await waf.wwsf.refresh(browser, json.refresh_token ?? '')).json.error).toBe('invalid_grant');
  });

  it.each([
    {
      fault: 'another redirect_uri',
      changed: { redirect_uri: 'https://elsewhere.example/callback' },
      code: 'invalid_redirect_uri',
    },
    { fault: 'an unknown client', changed: { client_id: 'nobody' }, code: 'invalid_client' },
    { fault: 'a form post as answer', changed: { response_mode: 'form_post' }, code: 'unsupported_response_mode' },
  ])('[RFC 6749 4.1.2.1] shows our error page, and redirects nowhere, for $fault', async ({ changed, code }) => {
    const page = await waf.browser().open(waf.wwsf.authorizationPath(changed));
    expect(page.url.origin).toBe(waf.issuer);
    expect(page.status).toBe(400);
    expect(page.body).toContain('This request cannot be accepted');
    expect(page.body).toContain(`<code>${code}</code>`);
    expect(page.body).toContain('href="https://localhost:9/"');
  });

  it('[RFC 8414 2] publishes what it does, and nothing more', async () => {
    const { body } = await waf.browser().send('/.well-known/openid-configuration');
    expect(JSON.parse(body)).toMatchObject({
      issuer: waf.issuer,
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['ES256', 'PS256'],
      id_token_signing_alg_values_supported: ['ES256'],
      end_session_endpoint: `${waf.issuer}/session/end`,
      revocation_endpoint: `${waf.issuer}/token/revocation`,
    });
    expect(JSON.parse(body)).not.toHaveProperty('userinfo_endpoint');
  });
});

describe('Verification by the keys that the WAF publishes', () => {
  const expected = { audience: 'https://ep-cscf.ims.example', typ: 'at+jwt' };

  it('[X.3.2.3-4] [WAF 7] refuses a token that was changed, or signed by anybody else', async () => {
    const browser = waf.browser();
    const { access_token } = await waf.tokens(browser);
    const [head = '', , signature = ''] = access_token.split('.');
    const claims = { ...decodeJwt(access_token), impi: 'bob@ims.example' };
    const changed = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
    const { privateKey } = await generateKeyPair('ES256');
    const { kid = '' } = decodeProtectedHeader(access_token);
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid }).sign(privateKey);
    for (const token of [changed, forged]) {
      await expect(verify(browser, token, expected)).rejects.toMatchObject({
        code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      });
    }
  });

  it('[X.3.2.3-4] [WAF 7] refuses an expired token', async () => {
    const browser = waf.browser();
    const { access_token } = await waf.tokens(browser);
    const currentDate = new Date(((decodeJwt(access_token).exp ?? 0) + 1) * 1_000);
    await expect(verify(browser, access_token, { ...expected, currentDate })).rejects.toMatchObject({
      code: 'ERR_JWT_EXPIRED',
    });
  });

  it('[X.3.2.3-4] [WAF 7] [WAF 3] finds no IMS scope in a token that was not asked for with it', async () => {
    const browser = waf.browser();
    const page = await browser.open(waf.wwsf.authorizationPath({ scope: 'openid' }));
    const back = await browser.submit(page, { username: 'alice', password: 'alice-demo' });
    const { json } = await waf.wwsf.exchange(browser, back);
    expect(decodeJwt(json.access_token ?? '').scope).toBeUndefined();
  });

  it('[X.3.2.3-4] [WAF 7] takes an ID token for no access token', async () => {
    const browser = waf.browser();
    const { id_token } = await waf.tokens(browser);
    await expect(verify(browser, id_token, { ...expected, audience: 'wwsf.ims.example' })).rejects.toThrow();
  });
});

describe('Refresh tokens', () => {
  it('[RFC 9700 4.14.2] rotate on every use; the session stays the same', async () => {
    const browser = waf.browser();
    const first = await waf.tokens(browser);
    const second = (await waf.wwsf.refresh(browser, first.refresh_token)).json;
    const third = (await waf.wwsf.refresh(browser, second.refresh_token ?? '')).json;
    expect(new Set([first.refresh_token, second.refresh_token, third.refresh_token]).size).toBe(3);
    const claims = decodeJwt(third.access_token ?? '');
    const { sid, impi, impu, client_id, aud } = decodeJwt(first.access_token);
    expect(claims).toMatchObject({ sid, impi, impu, client_id, aud, scope: 'webrtc-ims-client-access-to-ims' });
    expect(decodeProtectedHeader(third.access_token ?? '').typ).toBe('at+jwt');
  });

  it('[RFC 9700 4.14.2] a second use is refused and revokes the whole family', async () => {
    const browser = waf.browser();
    const first = await waf.tokens(browser);
    const second = (await waf.wwsf.refresh(browser, first.refresh_token)).json;
    expect((await waf.wwsf.refresh(browser, first.refresh_token)).json.error).toBe('invalid_grant');
    expect((await waf.wwsf.refresh(browser, second.refresh_token ?? '')).json.error).toBe('invalid_grant');
    expect(waf.log.at(-1)?.event).toBe('request.refused');
    expect(waf.log.filter(({ event }) => event === 'secret.reused').length).toBeGreaterThan(0);
  });

  it('[RFC 9700 4.14.2] of simultaneous uses at most one succeeds, and what it gave cannot be renewed', async () => {
    const browser = waf.browser();
    const { refresh_token } = await waf.tokens(browser);
    const answers = await Promise.all(Array.from({ length: 5 }, () => waf.wwsf.refresh(browser, refresh_token)));
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners.length).toBeLessThanOrEqual(1);
    for (const { json } of winners) {
      expect((await waf.wwsf.refresh(browser, json.refresh_token ?? '')).json.error).toBe('invalid_grant');
    }
  });

  it('[RFC 7009 2.1] are revoked by the WWSF, with the grant; other browsers stay signed in', async () => {
    const [one, other] = [waf.browser(), waf.browser()];
    const [first, elsewhere] = [await waf.tokens(one), await waf.tokens(other)];
    expect((await waf.wwsf.revoke(one, first.refresh_token)).status).toBe(200);
    expect((await waf.wwsf.refresh(one, first.refresh_token)).json.error).toBe('invalid_grant');
    expect((await waf.wwsf.refresh(other, elsewhere.refresh_token)).status).toBe(200);
  });

  it('[RFC 6749 10.4] end with the account', async () => {
    const browser = waf.browser();
    await waf.addAccount('mallory');
    const { refresh_token } = await waf.tokens(browser, 'mallory');
    await waf.running.accounts.remove('mallory');
    expect((await waf.wwsf.refresh(browser, refresh_token)).json.error).toBe('invalid_grant');
    expect((await browser.open(waf.wwsf.authorizationPath())).body).toContain('<h1>Sign in</h1>');
  });
});

describe('Restart', () => {
  it('[TS 33.203 X.3.2.3-0] keeps keys, sessions and refresh tokens', async () => {
    const browser = waf.browser();
    const before = await waf.tokens(browser);
    await waf.restart();
    await verify(browser, before.access_token, { audience: 'https://ep-cscf.ims.example', typ: 'at+jwt' });
    expect((await waf.wwsf.refresh(browser, before.refresh_token)).status).toBe(200);
    expect((await browser.open(waf.wwsf.authorizationPath())).url.origin).toBe(waf.wwsf.origin);
  });
});
