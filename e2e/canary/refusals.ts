/**
 * Requests that are refused, each with secrets in it: what comes back must not repeat them.
 *
 * @module
 */
import { expect, request as http } from '@playwright/test';
import { exchangeTcp, openW2, requestText } from '../faults/sip-peer.ts';
import type { WicPage } from '../pages/wic-page.ts';
import type { CanaryLab } from './canary-lab.ts';
import { toHss, toOperations, toPages } from './refused-requests.ts';

/** Tokens that are good for something else, or for nothing any more (X.3.2.3 step 4). */
export async function refuseTokens(
  { lab, evidence, canaries }: CanaryLab,
  { page, account }: WicPage,
): Promise<string> {
  const token = await page.evaluate(async () => {
    const answer = (await (await fetch('/token')).json()) as { access_token: string };
    return answer.access_token;
  });
  canaries.add('access token', token);
  const { username } = account;
  const headers = [`Authorization: Bearer ${token}`];
  const requests = [
    requestText({ method: 'REGISTER', user: username, to: 'ben', headers }),
    requestText({ method: 'REGISTER', user: username, headers: [`Authorization: Bearer ${token}x`] }),
    requestText({ method: 'REGISTER', user: username, headers: [`Authorization: Bearer access_token="${token}`] }),
    requestText({ method: 'INVITE', user: username, requestUri: 'sip:ben@ims.example', headers }),
    requestText({ method: 'REGISTER', user: '<anna', headers }),
  ];
  for (const request of requests) {
    const peer = await openW2(lab.ports.epCscf, { origin: lab.wwsfUrl, subprotocol: 'sip' });
    peer.send(request);
    const closed = peer.closed().then((code) => `closed with ${code}`);
    const answer = peer.exchange(request).catch(() => 'no answer');
    evidence.add('error answer', 'W2', await Promise.race([answer, closed]));
    peer.close();
  }
  return token;
}

/** What a stranger learns of a SIM user from the S-CSCF: the challenge, without CK and IK. */
export async function challengeStranger({ lab, evidence, subscribers }: CanaryLab): Promise<void> {
  const [impi = ''] = subscribers.map((subscriber) => subscriber.impi);
  const [user = ''] = impi.split('@');
  const credentials = `Authorization: Digest username="${impi}",realm="ims.example",uri="sip:ims.example",nonce="",response=""`;
  for (const port of [lab.ports.iCscf, lab.ports.sCscf]) {
    const request = requestText({ method: 'REGISTER', user, transport: 'TCP', headers: [credentials] });
    const answer = await exchangeTcp(port, request);
    expect(answer).toMatch(/^SIP\/2.0 (?:401|403) /u);
    evidence.add('W2 to page', 'challenge of a stranger', answer);
    evidence.add('error answer', 'S-CSCF', answer);
  }
}

/** Error pages and problems of all that speaks HTTP. */
export async function refuseRequests({ lab, evidence, subscribers }: CanaryLab, token: string): Promise<void> {
  const client = await http.newContext({ ignoreHTTPSErrors: true });
  const [sim] = subscribers;
  const requests = [
    ...toPages(token),
    ...toOperations(token),
    ...toHss(Buffer.from(sim?.k ?? '').toString('hex'), Buffer.from(sim?.op ?? '').toString('hex')),
  ];
  for (const { to, path, body: data, ...options } of requests) {
    const scheme = to === 'hss' || to === 'operations' ? 'http' : 'https';
    const url = `${scheme}://localhost:${lab.ports[to]}${path}`;
    const answer = await client.fetch(url, { ...options, data, maxRedirects: 0 });
    const headers = answer.headersArray().map(({ name, value }) => `${name}: ${value}`);
    const at = `${to} ${options.method ?? 'GET'} ${path.slice(0, 12)}`;
    evidence.add('error answer', at, [answer.status(), ...headers, await answer.text()].join('\n'));
  }
  await client.dispose();
}
