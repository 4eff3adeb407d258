/**
 * Replayed and downgraded Digest answers (TS 33.203 N.2.3, X.2.3.3, P.4.1; RFC 7616 5, RFC 8760).
 *
 * What the S-CSCF refuses is given, octet for octet, to a server that forgets nonce counts, or overlooks a parameter:
 * there it gets in.
 *
 * @module
 */
import { DowngradeRefused, type SipRequest, type SipResponse } from '@wicgate/sip';
import { AkaCard } from './aka-card.ts';
import { answer, ask, createClient, type Round } from './digest-user.ts';
import { ha1Of, isLetIn } from './naive-digest.ts';
import { expect, type Stage, test } from './stage.ts';
import type { Header, Wic } from './wic.ts';

/** A subscriber with a password, and somebody who has seen all of a registration. */
async function observed(
  stage: Stage,
): Promise<{ user: string; ha1: string; first: Round; captured: SipRequest; wic: Wic }> {
  const user = await stage.subscriber('victim', (name) => ({ digest: { password: `${name}-secret` } }));
  const wic = await stage.open(user);
  const first = await ask(wic);
  const { request, response } = await answer(wic, createClient(user, { password: `${user}-secret` }), first);
  expect(response.statusCode).toBe(200);
  return { user, ha1: ha1Of(user, `${user}-secret`, 'sha256'), first, captured: request, wic };
}

/** `request` with other credentials. */
const withCredentials = (request: SipRequest, value: string): SipRequest => ({
  ...request,
  headers: request.headers.set('Authorization', value),
});
const credentialsOf = ({ headers }: SipRequest): string => headers.first('Authorization') ?? '';
/** From another connection, as a REGISTER that the network has not seen yet. */
async function send(stage: Stage, user: string, request: SipRequest): Promise<SipResponse> {
  const wic = await stage.open(user);
  return wic.exchange(wic.again(request, 50));
}

test('[N.2.3] [S-CSCF 9] a captured REGISTER replayed from another connection is challenged anew, never accepted, and let in by a server that forgets nonce counts', async ({
  stage,
}) => {
  const { user, ha1, captured, wic } = await observed(stage);
  // Octet for octet it is the request that has been served already (RFC 3261 8.2.2.2).
  expect((await (await stage.open(user)).exchange(captured)).statusCode).toBe(482);
  const response = await send(stage, user, captured);
  expect(response.statusCode).toBe(401);
  expect(response.headers.all('WWW-Authenticate').join()).toContain('stale=true');
  expect([isLetIn(captured, ha1), isLetIn(captured, ha1)]).toEqual([true, true]);
  expect(wic.isOpen).toBe(true);
});

const changes = [
  { name: 'a raised nonce count', change: (text: string) => text.replace('nc=00000001', 'nc=00000003') },
  { name: 'another cnonce', change: (text: string) => text.replace(/cnonce="[^"]+"/u, 'cnonce="0123456789"') },
];

for (const { name, change } of changes) {
  test(`[N.2.3] [RFC 7616 3.4] a captured answer with ${name} is refused, and its owner’s next one is not`, async ({
    stage,
  }) => {
    const user = await stage.subscriber('victim', (of) => ({ digest: { password: `${of}-secret` } }));
    const client = createClient(user, { password: `${user}-secret` });
    const wic = await stage.open(user);
    const { request } = await answer(wic, client, await ask(wic));
    // The password is what makes the next count right, and nothing else.
    const next = client.authorize(wic.create('REGISTER'));
    expect(credentialsOf(next)).toContain('nc=00000002');
    expect((await wic.exchange(next)).statusCode).toBe(200);
    const changed = change(credentialsOf(request));
    expect(changed).not.toBe(credentialsOf(request));
    expect((await send(stage, user, withCredentials(request, changed))).statusCode).toBe(403);
    expect(await stage.reach(wic, user)).toBe(200);
  });
}

test('[N.2.1.1] [RFC 7616 3.4] the answer to a challenge for another method is refused, and let in by a server that does not look', async ({
  stage,
}) => {
  const { user, ha1, request, other } = await answered(stage, { method: 'SUBSCRIBE' });
  const stolen = withCredentials(request, credentialsOf(other));
  expect((await send(stage, user, stolen)).statusCode).toBe(403);
  expect(isLetIn({ ...stolen, method: 'SUBSCRIBE' }, ha1)).toBe(true);
  expect(isLetIn(stolen, ha1)).toBe(false);
});

test('[N.2.1.1] [RFC 7616 3.4.6] the answer to a challenge for another URI is refused, and let in by a server that does not look', async ({
  stage,
}) => {
  const { user, ha1, request, other } = await answered(stage, { requestUri: 'sip:other.example' });
  const stolen = withCredentials(request, credentialsOf(other));
  expect((await send(stage, user, stolen)).statusCode).toBe(400);
  expect(isLetIn(stolen, ha1)).toBe(true);
});

/** A challenged REGISTER, and `other`, the same but for what is `different`, with a right answer. */
async function answered(stage: Stage, different: Partial<SipRequest>) {
  const user = await stage.subscriber('victim', (name) => ({ digest: { password: `${name}-secret` } }));
  const client = createClient(user, { password: `${user}-secret` });
  const wic = await stage.open(user);
  const { request, response } = await ask(wic);
  client.challenged(request, response);
  const other = client.authorize({ ...request, ...different });
  return { user, ha1: ha1Of(user, `${user}-secret`, 'sha256'), request, other };
}

/** `response` with each of its challenges as `change` makes it; '' leaves one out. */
function tampered({ request, response }: Round, change: (challenge: string) => string): Round {
  const challenges = response.headers.all('WWW-Authenticate').filter((value) => value.startsWith('Digest'));
  const headers = challenges
    .map(change)
    .filter((value) => value !== '')
    .reduce((left, value) => left.with('WWW-Authenticate', value), response.headers.without('WWW-Authenticate'));
  return { request, response: { ...response, headers } };
}

const md5Only = (challenge: string): string => (challenge.includes('algorithm=MD5') ? challenge : '');

test('[RFC 8760 2.4] [X.2.2.2] SHA-256 taken out of a challenge is refused by who has answered it before, and answered with MD5 by who has not', async ({
  stage,
}) => {
  const user = await stage.subscriber('victim', (name) => ({ digest: { password: `${name}-secret` } }));
  const secret = { password: `${user}-secret` };
  const client = createClient(user, secret);
  const wic = await stage.open(user);
  expect((await answer(wic, client, await ask(wic))).response.statusCode).toBe(200);
  const again = await stage.open(user);
  const weak = tampered(await ask(again), md5Only);
  expect(() => client.retry(weak.request, weak.response)).toThrow(DowngradeRefused);
  const { request, response } = await answer(again, createClient(user, secret), weak);
  expect(credentialsOf(request)).toContain('algorithm=MD5');
  expect(response.statusCode).toBe(200);
});

test('[N.2.1.1] [RFC 3261 22.4] qop taken out of a challenge gets an answer that is refused, and let in by a server that allows it', async ({
  stage,
}) => {
  const user = await stage.subscriber('victim', (name) => ({ digest: { password: `${name}-secret` } }));
  const wic = await stage.open(user);
  const without = tampered(await ask(wic), (value) => value.replace(/,\s*qop="?auth"?/u, ''));
  const { request, response } = await answer(wic, createClient(user, { password: `${user}-secret` }), without);
  expect(credentialsOf(request)).not.toContain('qop');
  expect(response.statusCode).toBe(401);
  expect(isLetIn(request, ha1Of(user, `${user}-secret`, 'sha256'), { allowsNoQop: true })).toBe(true);
});

const unasked = (user: string): readonly [string, string] => [
  'Authorization',
  `Digest username="${user}@ims.example",realm="ims.example",uri="sip:ims.example",nonce="",response="",algorithm=AKAv2-SHA-256`,
];

test('[X.2.3.3] [S-CSCF 2] [S-CSCF 3] AKAv2-SHA-256 changed into AKAv1-MD5 gets an answer that is refused, and let in by a server that has not asked for AKAv2', async ({
  stage,
}) => {
  const card = new AkaCard();
  const user = await stage.subscriber('erik', () => ({ aka: card.provisioned }));
  const wic = await stage.open(user);
  const first = await ask(wic, { headers: [unasked(user)] });
  const weak = tampered(first, (value) => value.replace('AKAv2-SHA-256', 'AKAv1-MD5'));
  const { request, response } = await answer(wic, createClient(user, { aka: card.answer }), weak);
  expect(credentialsOf(request)).toContain('AKAv1-MD5');
  expect(response.statusCode).toBe(403);
  const ha1 = ha1Of(user, card.last?.password ?? '', 'md5');
  expect(isLetIn(request, ha1, { algorithms: ['AKAv1-MD5'] })).toBe(true);

  const good = await stage.open(user);
  const client = createClient(user, { aka: card.answer });
  const { response: welcome } = await answer(good, client, await ask(good, { headers: [unasked(user)] }));
  expect(welcome.statusCode).toBe(200);
});

test('[X.2.3.3] AKAv2-SHA-256 changed into MD5 with RES for a password is refused, and let in by a server that has not asked for AKAv2', async ({
  stage,
}) => {
  const card = new AkaCard();
  const user = await stage.subscriber('erik', () => ({ aka: card.provisioned }));
  const wic = await stage.open(user);
  const first = await ask(wic, { headers: [unasked(user)] });
  // The ISIM answers; what it says goes into a weaker hash.
  createClient(user, { aka: card.answer }).challenged(first.request, first.response);
  const password = card.last?.password ?? '';
  const weak = tampered(first, (value) => value.replace('AKAv2-SHA-256', 'MD5'));
  const { request, response } = await answer(wic, createClient(user, { password: String(password) }), weak);
  expect(response.statusCode).toBe(403);
  expect(isLetIn(request, ha1Of(user, password, 'md5'), { algorithms: ['MD5'] })).toBe(true);
});

test('[P.4.1] a registration by AKAv2 continued by SIP Digest is refused though the password is right, which lets in where no AKAv2 was before', async ({
  stage,
}) => {
  const card = new AkaCard();
  const user = await stage.subscriber('erik', (name) => ({
    aka: card.provisioned,
    digest: { password: `${name}-secret` },
  }));
  const wic = await stage.open(user);
  const client = createClient(user, { aka: card.answer });
  const { request, response } = await answer(wic, client, await ask(wic, { headers: [unasked(user)] }));
  expect(response.statusCode).toBe(200);

  const byPassword = async (callId: readonly Header[]): Promise<string> => {
    const attacker = await stage.open(user);
    const secret = { password: `${user}-secret` };
    const round = await answer(attacker, createClient(user, secret), await ask(attacker, { headers: callId }));
    return `${round.response.statusCode} ${round.response.reasonPhrase}`;
  };
  const ofAka: Header = ['Call-ID', request.headers.first('Call-ID') ?? ''];
  expect(await byPassword([ofAka])).toBe('403 Registered by another authentication scheme');
  expect(wic.isOpen).toBe(true);
  expect(await byPassword([])).toBe('200 OK');
});
