/**
 * The interfaces of operators and WAFs, asked by somebody else (TS 33.203 X.3.1 REQ 2.1 and 2.2).
 *
 * @module
 */
import { expect, test } from './stage.ts';

const soon = (): number => Math.floor(Date.now() / 1_000) + 300;

test('[REQ 2.1] POST /revocations without a statement, with a replayed one or a token instead is refused, and done with a good one', async ({
  stage,
}) => {
  const user = await stage.subscriber('victim');
  const jti = `kept-${user}`;
  const victim = await stage.open(user);
  expect((await victim.register(`Bearer ${stage.waf.token(user, { claims: { jti } })}`)).statusCode).toBe(200);
  const revoke = (statement: string | undefined, name = jti): Promise<number> =>
    stage.operator.ask('POST', '/revocations', {
      ...(statement !== undefined && { authorization: `Bearer ${statement}` }),
      body: { jti: name, exp: soon() },
    });

  const spent = stage.waf.statement();
  expect(await revoke(spent, 'somebody else')).toBe(204);
  expect(await revoke(spent)).toBe(401);
  expect(await revoke(undefined)).toBe(401);
  expect(await revoke(stage.waf.token(user))).toBe(401);
  expect(await revoke(stage.waf.statement({ claims: { iss: 'https://waf.evil.example' } }))).toBe(403);
  expect(await revoke(stage.waf.statement({ claims: { exp: soon() } }))).toBe(401);
  expect(victim.isOpen).toBe(true);
  expect(await stage.reach(victim, user)).toBe(200);

  expect(await revoke(stage.waf.statement())).toBe(204);
  expect(await victim.closed).toBe(1_008);
});

test('[REQ 2.2] the statement of a partner never revokes a token of the home WAF, which its own does', async ({
  stage,
}) => {
  const user = await stage.subscriber('victim');
  const jti = `home-${user}`;
  const bearer = `Bearer ${stage.waf.token(user, { claims: { jti } })}`;
  const revoke = (statement: string): Promise<number> =>
    stage.operator.ask('POST', '/revocations', { authorization: `Bearer ${statement}`, body: { jti, exp: soon() } });
  const victim = await stage.open(user);
  expect((await victim.register(bearer)).statusCode).toBe(200);
  expect(await revoke(stage.partnerWaf.statement())).toBe(204);
  expect((await victim.register(bearer)).statusCode).toBe(200);
  expect(await revoke(stage.waf.statement())).toBe(204);
  expect(await victim.closed).toBe(1_008);
});

test('[REQ 2.2] a web page is refused to bar an authority or to provision, and the operator is not', async ({
  stage,
}) => {
  const path = '/barred-authorities/wwsf.victim.example';
  for (const headers of [{ origin: stage.lab.wwsfUrl }, { origin: 'null' }, { 'sec-fetch-site': 'same-origin' }]) {
    expect(await stage.operator.ask('PUT', path, { headers })).toBe(403);
    const authorization = `Bearer ${stage.waf.statement()}`;
    const body = { jti: 'any', exp: soon() };
    expect(await stage.operator.ask('POST', '/revocations', { headers, authorization, body })).toBe(403);
  }
  expect(await stage.operator.ask('PUT', path)).toBe(204);
  expect(await stage.operator.ask('DELETE', path)).toBe(204);
});
