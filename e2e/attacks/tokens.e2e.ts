/**
 * Tokens that are not what they seem (TS 33.203 X.3.2.3 step 4.1, X.4.1 REQ 3.2; RFC 8725, RFC 9068).
 *
 * @module
 */
import { expect, type Stage, test } from './stage.ts';
import type { TokenParts } from './tokens.ts';

interface Forgery {
  readonly name: string;
  readonly token: (stage: Stage, user: string) => string;
  readonly status?: number;
  readonly error?: string;
}

const changed =
  (parts: TokenParts) =>
  ({ waf }: Stage, user: string): string =>
    waf.token(user, parts);
const past = Math.floor(Date.now() / 1_000) - 600;

const forgeries: readonly Forgery[] = [
  { name: 'of another audience', token: changed({ claims: { aud: 'https://other.ims.example' } }) },
  { name: 'of an issuer that nobody trusts', token: changed({ claims: { iss: 'https://waf.evil.example' } }) },
  {
    name: 'of the home WAF, signed by the partner’s',
    token: ({ waf, partnerWaf }, user) => partnerWaf.token(user, { claims: { iss: waf.claims(user).iss } }),
  },
  { name: 'without a signature (alg none)', token: ({ waf }, user) => waf.unsigned(user) },
  { name: 'by HMAC with the public key', token: ({ waf }, user) => waf.hmac(user) },
  { name: 'that is an ID token (typ JWT)', token: changed({ header: { typ: 'JWT' } }) },
  { name: 'that is a statement about revocation', token: changed({ header: { typ: 'revocation+jwt' } }) },
  { name: 'that has expired', token: changed({ claims: { iat: past - 300, exp: past } }) },
  {
    name: 'of another scope',
    token: changed({ claims: { scope: 'openid' } }),
    status: 403,
    error: 'insufficient_scope',
  },
  {
    name: 'with one octet changed',
    token: ({ waf }, user) => {
      const [header, , signature] = waf.token('somebody').split('.');
      return [header, waf.token(user).split('.')[1], signature].join('.');
    },
  },
];

for (const { name, token, status = 401, error = 'invalid_token' } of forgeries) {
  test(`[X.3.2.3-4] [eP-CSCF 8] a token ${name} is refused, and let in by a naive edge`, async ({ stage }) => {
    const user = await stage.subscriber('mallory');
    const forged = token(stage, user);
    const attacker = await stage.open(user);
    const response = await attacker.register(`Bearer ${forged}`);
    expect(response.statusCode).toBe(status);
    expect(response.headers.first('WWW-Authenticate')).toContain(`error="${error}"`);
    expect(await attacker.closed).toBe(1_008);
    expect((await (await stage.open(user, 'naive edge')).register(`Bearer ${forged}`)).statusCode).toBe(200);
    expect((await (await stage.open(user)).register(stage.bearer(user))).statusCode).toBe(200);
  });
}

test('[WAF 7] [X.3.2.3-4] a token replayed after its revocation is refused, and let in where nobody was told of it', async ({
  stage,
}) => {
  const user = await stage.subscriber('mallory');
  const jti = `revoked-${user}`;
  const bearer = `Bearer ${stage.waf.token(user, { claims: { jti } })}`;
  const registered = await stage.open(user);
  expect((await registered.register(bearer)).statusCode).toBe(200);
  const authorization = `Bearer ${stage.waf.statement()}`;
  const body = { jti, exp: Math.floor(Date.now() / 1_000) + 300 };
  expect(await stage.operator.ask('POST', '/revocations', { authorization, body })).toBe(204);
  expect(await registered.closed).toBe(1_008);

  const attacker = await stage.open(user);
  expect((await attacker.register(bearer)).statusCode).toBe(401);
  expect(await attacker.closed).toBe(1_008);
  expect((await (await stage.open(user, 'naive edge')).register(bearer)).statusCode).toBe(200);
});

const partners = { wafNames: ['waf.partner.example'], wwsfNames: ['wwsf.partner.example'] };
const allowing = { allowedWafWwsfIdentities: partners };

test('[REQ 2.1] [S-CSCF 5] [eP-CSCF 11] a token of a partner for a subscriber who has not allowed it is refused, and let in by an edge that does not name the partner', async ({
  stage,
}) => {
  const unwilling = await stage.subscriber('unwilling');
  const willing = await stage.subscriber('willing', () => allowing);
  const bearer = (user: string): string => `Bearer ${stage.partnerWaf.token(user)}`;
  expect((await (await stage.open(unwilling)).register(bearer(unwilling))).statusCode).toBe(403);
  expect((await (await stage.open(unwilling, 'naive edge')).register(bearer(unwilling))).statusCode).toBe(200);
  expect((await (await stage.open(willing)).register(bearer(willing))).statusCode).toBe(200);
});

test('[REQ 3.2] [eP-CSCF 12] a token of a partner, or of another WWSF, for an identity of the home pool is refused, and let in by a naive edge', async ({
  stage,
}) => {
  const guest = await stage.subscriber('guest-attacked-');
  const tokens = [
    stage.partnerWaf.token(guest),
    stage.waf.token(guest, { claims: { client_id: 'other.ims.example' } }),
  ];
  for (const token of tokens) {
    const attacker = await stage.open(guest);
    expect((await attacker.register(`Bearer ${token}`)).statusCode).toBe(403);
    expect(await attacker.closed).toBe(1_008);
    expect((await (await stage.open(guest, 'naive edge')).register(`Bearer ${token}`)).statusCode).toBe(200);
  }
  expect((await (await stage.open(guest)).register(stage.bearer(guest))).statusCode).toBe(200);
});
