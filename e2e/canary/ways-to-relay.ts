/**
 * Every credential that a TURN server takes, used as it should be and wrongly.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { method } from '@wicgate/stun';
import { type Login, outcomeOf, requestedUdp, type Transport, TurnClient } from '@wicgate/turn-client';
import { askAsPage, loginOf, type TurnAccess, type TurnCredential } from '../turn/relay-by-token.ts';
import { askHttp } from './ask-http.ts';
import type { CanaryLab } from './canary-lab.ts';

const transports: readonly Transport[] = ['UDP', 'TCP', 'TLS'];

/** A guest gets a token and a password from the WWSF; both relay, and so does the operator's probe. */
export async function relayByTurn(canaryLab: CanaryLab): Promise<void> {
  const page = await canaryLab.openBrowser();
  await page.goto(canaryLab.lab.wwsfUrl);
  await page.getByRole('button', { name: 'Continue as guest', exact: true }).click();
  await expect(page.getByRole('status', { name: 'Registration' })).toHaveText(/^Registered/u);
  const { json: access } = await askAsPage<TurnAccess>(page, '/turn-access');
  const { json: credential } = await askAsPage<TurnCredential>(page, '/turn-credential');
  const token = loginOf(access);
  for (const transport of transports) {
    for (const login of [token, credential, canaryLab.turn.staticUser]) {
      expect(await tryLogin(canaryLab, transport, login)).toBe('success');
    }
    for (const wrong of [
      { ...token, accessToken: token.accessToken.toReversed() },
      { ...token, macKey: token.macKey.toReversed() },
      { ...credential, password: `${credential.password}A` },
    ]) {
      expect(await tryLogin(canaryLab, transport, wrong)).toBe('error 401');
    }
  }
  // The secret where the name belongs; over UDP, to which nobody listens who would find it on the way.
  for (const misplaced of [access.key, credential.password, canaryLab.turn.staticUser.password]) {
    for (const login of [
      { username: misplaced, password: 'none' },
      { ...token, kid: misplaced },
    ]) {
      expect(await tryLogin(canaryLab, 'UDP', login)).toBe('error 401');
    }
  }
  await canaryLab.lookAt(page);
  await canaryLab.look();
}

async function tryLogin({ lab }: CanaryLab, transport: Transport, login: Login): Promise<string> {
  const port = transport === 'TLS' ? lab.ports.turnTls : lab.ports.turn;
  const ca = readFileSync(lab.caFile);
  const client = await TurnClient.open(transport, { host: '127.0.0.1', port, ca, serverName: 'localhost' });
  try {
    await client.challenge(login);
    return outcomeOf(await client.request(method.Allocate, { attributes: [requestedUdp] }));
  } finally {
    client.close();
  }
}

/** The operator's token, and what is beside it, where the TURN server refuses them. */
export async function refuseTurn({ lab, evidence, turn }: CanaryLab): Promise<void> {
  const { operatorToken: token } = turn;
  const known = { authorization: `Bearer ${token}` };
  const until = Math.floor(Date.now() / 1_000) + 60;
  const requests = [
    { path: '/turn/revocations', method: 'POST', headers: known, body: `{"tids":["${token}` },
    { path: '/turn/revocations', method: 'POST', headers: known, body: JSON.stringify({ tids: [token] }) },
    { path: '/turn/revocations', method: 'POST', headers: { authorization: `Bearer ${token}x` } },
    { path: '/turn/revocations', method: 'POST', headers: { authorization: `Basic ${token}` } },
    { path: `/turn/allocations/${token}`, headers: known },
    { path: `/turn/drain?token=${token}`, method: 'PUT', headers: known },
  ];
  for (const { path, ...question } of requests) {
    const { status, text } = await askHttp(lab.ports.operations, path, question);
    expect(status).toBeGreaterThanOrEqual(400);
    evidence.add('error answer', `operations ${path.slice(0, 18)}`, `${status} ${text}`);
  }
  const body = JSON.stringify({ tids: ['5eb0d1e5fadedace'], until });
  const revoked = await askHttp(lab.ports.operations, '/turn/revocations', { method: 'POST', headers: known, body });
  expect(revoked.status).toBe(204);
}
