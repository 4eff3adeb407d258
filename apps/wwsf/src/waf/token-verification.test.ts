import type { webcrypto } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTokenVerification, type VerifyToken } from './token-verification.ts';

const issuer = 'https://localhost:8444';
const audience = 'https://ep-cscf.ims.example';
const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

interface Changed {
  readonly claims?: JWTPayload;
  readonly header?: Readonly<Record<string, string>>;
  readonly by?: webcrypto.CryptoKey;
}

let key: webcrypto.CryptoKey;
let otherKey: webcrypto.CryptoKey;
let jwk: object;
let verify: VerifyToken;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const other = await generateKeyPair('ES256', { extractable: true });
  [key, otherKey] = [pair.privateKey, other.privateKey];
  jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  verify = verificationBy(async () => Response.json({ keys: [jwk] }));
});

function verificationBy(fetch: () => Promise<Response>): VerifyToken {
  return createTokenVerification({ issuer, audience, jwksUri: `${issuer}/jwks`, fetch, timeoutSeconds: 5 });
}

function sign({ claims = {}, header = {}, by = key }: Changed = {}): Promise<string> {
  const payload = {
    iss: issuer,
    sub: 'alice',
    aud: audience,
    client_id: 'wwsf.ims.example',
    jti: 'token-1',
    sid: 'session-1',
    iat: nowSeconds(),
    exp: nowSeconds() + 300,
    impi: 'alice@ims.example',
    scope: 'openid webrtc-ims-client-access-to-ims',
    ...claims,
  };
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'one', ...header }).sign(by);
}

describe('the verification of access tokens that are brought', () => {
  it('[RFC 9068 4] names the sign-in, the same for each of its tokens, and nobody', async () => {
    const first = await verify(await sign());
    expect(await verify(await sign({ claims: { jti: 'token-2' } }))).toBe(first);
    expect(await verify(await sign({ claims: { sid: 'session-2' } }))).not.toBe(first);
    expect(await verify(await sign({ claims: { client_id: 'wwsf.partner.example' } }))).not.toBe(first);
    expect(first).toMatch(/^[\w-]{43}$/);
  });

  it('[RFC 9068 4] names each token for itself where there is no session', async () => {
    const [one, other] = [{ sid: undefined }, { sid: undefined, jti: 'token-2' }];
    expect(await verify(await sign({ claims: one }))).not.toBe(await verify(await sign({ claims: other })));
  });

  const refused: readonly { readonly fault: string; readonly changed: () => Changed }[] = [
    { fault: 'signed by another key', changed: () => ({ by: otherKey }) },
    { fault: 'of a key that the WAF has not', changed: () => ({ by: otherKey, header: { kid: 'two' } }) },
    { fault: 'of another issuer', changed: () => ({ claims: { iss: 'https://evil.example' } }) },
    { fault: 'for another audience', changed: () => ({ claims: { aud: 'https://ep-cscf.partner.example' } }) },
    { fault: 'without an audience', changed: () => ({ claims: { aud: undefined } as never }) },
    { fault: 'of another type', changed: () => ({ header: { typ: 'JWT' } }) },
    { fault: 'expired', changed: () => ({ claims: { exp: nowSeconds() - 10 } }) },
    { fault: 'without an end', changed: () => ({ claims: { exp: undefined } as never }) },
    { fault: 'for something else', changed: () => ({ claims: { scope: 'openid turn' } }) },
    { fault: 'without a scope', changed: () => ({ claims: { scope: undefined } }) },
    { fault: 'without a private identity', changed: () => ({ claims: { impi: undefined } }) },
    { fault: 'too long', changed: () => ({ claims: { padding: 'x'.repeat(8_192) } }) },
  ];

  it.each(refused)('[RFC 9068 4] [RFC 6750 3.1] refuses one $fault', async ({ changed }) => {
    await expect(sign(changed()).then(verify)).rejects.toMatchObject({ code: 'ERR_WWSF_ACCESS_TOKEN_REFUSED' });
  });

  it.each([
    { trouble: 'cannot be reached', fetch: () => Promise.reject(new Error('refused')) },
    { trouble: 'answers 500', fetch: async () => new Response('', { status: 500 }) },
    { trouble: 'answers nonsense', fetch: async () => Response.json({ keys: 7 }) },
  ])('[RFC 9068 4] blames nobody while the WAF $trouble', async ({ fetch }) => {
    const token = await sign();
    await expect(verificationBy(fetch)(token)).rejects.toMatchObject({ code: 'ERR_WWSF_WAF_UNAVAILABLE' });
  });
});
