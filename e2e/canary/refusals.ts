/**
 * Requests that are refused, each with secrets in it: what comes back must not repeat them.
 *
 * @module
 */
import { request as http } from '@playwright/test';
import type { LabPorts } from '@wicgate/lab';
import { exchangeTcp, openW2, requestText } from '../faults/sip-peer.ts';
import type { WicPage } from '../pages/wic-page.ts';
import type { CanaryLab } from './canary-lab.ts';

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
    requestText({ method: 'REGISTER', user: `<${token}`, headers }),
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
    evidence.add('W2 to page', 'challenge of a stranger', answer);
    evidence.add('error answer', 'S-CSCF', answer);
  }
}

/** Error pages and problems of all that speaks HTTP. */
export async function refuseRequests(canaryLab: CanaryLab, token: string): Promise<void> {
  const { lab, evidence } = canaryLab;
  const { wwsf, waf, isim, hss, operations, partnerWwsf, partnerWaf } = lab.ports;
  const client = await http.newContext({ ignoreHTTPSErrors: true });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const json = { 'content-type': 'application/json' };
  const bearer = { authorization: `Bearer ${token}` };
  const [{ k, op } = { k: new Uint8Array(), op: new Uint8Array() }] = canaryLab.subscribers;
  const aka = { k: Buffer.from(k).toString('hex'), op: Buffer.from(op).toString('hex') };
  const refused: readonly (readonly [port: number, path: string, init?: Options])[] = [
    [
      hss,
      '/subscriptions',
      {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ impi: 'x@ims.example', aka: { ...aka, k: `${aka.k}0` } }),
      },
    ],
    [
      hss,
      '/subscriptions',
      {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ impi: 'sina@ims.example', impus: [{ impu: 'sip:sina@ims.example' }], aka }),
      },
    ],
    [hss, '/subscriptions', { method: 'POST', headers: json, body: `{"aka":{"k":"${aka.k}",` }],
    [
      hss,
      '/subscriptions/sina%40ims.example',
      { method: 'PATCH', headers: json, body: JSON.stringify({ [aka.k]: aka.op }) },
    ],
    [hss, '/subscriptions/sina%40ims.example'],
    [hss, '/subscriptions'],
    [hss, `/nowhere/${aka.k}`],
    [operations, '/revocations', { method: 'POST', headers: { ...json, ...bearer }, body: '{"jti":"x"}' }],
    [operations, '/revocations', { method: 'POST', headers: { ...json, ...bearer }, body: `{"jti":"${token}` }],
    [operations, '/re-authentications', { method: 'POST', headers: json, body: JSON.stringify({ impi: token }) }],
    [operations, `/${token}`],
    ...[wwsf, partnerWwsf, waf, partnerWaf, isim].flatMap((port) => [
      [port, `/nowhere?token=${token}`] as const,
      [port, '/%ff%00', { headers: bearer }] as const,
      [port, '/', { method: 'PUT', headers: bearer, body: token }] as const,
      [
        port,
        '/token',
        { method: 'POST', headers: { ...form, ...bearer }, body: `grant_type=authorization_code&code=${token}` },
      ] as const,
      [port, `/callback?code=${token}&state=${token}`] as const,
      [port, '/sign-in', { method: 'POST', headers: form, body: `username=alice&password=${token}` }] as const,
      [port, `/auth?client_id=${token}&redirect_uri=${token}&response_type=code`] as const,
      [port, `/session/end?id_token_hint=${token}`] as const,
      [port, `/interaction/${token}`] as const,
      [port, '/token', { headers: { cookie: `__Host-wwsf-${port}-session=${token.slice(-43)}` } }] as const,
    ]),
  ];
  for (const [port, path, init = {}] of refused) {
    const scheme = port === hss || port === operations ? 'http' : 'https';
    const { body: data, ...options } = init;
    const answer = await client.fetch(`${scheme}://localhost:${port}${path}`, { ...options, data, maxRedirects: 0 });
    const headers = answer.headersArray().map(({ name, value }) => `${name}: ${value}`);
    const at = `${nameOf(port, lab.ports)} ${init.method ?? 'GET'} ${path.slice(0, 12)}`;
    evidence.add('error answer', at, [answer.status(), ...headers, await answer.text()].join('\n'));
  }
  await client.dispose();
}

interface Options {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function nameOf(port: number, ports: LabPorts): string {
  return Object.entries(ports).find(([, each]) => each === port)?.[0] ?? 'elsewhere';
}
