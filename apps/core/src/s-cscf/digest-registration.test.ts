import { parseNameAddr } from '@wicgate/sip';
import { describe, expect, it, vi } from 'vitest';
import { DigestCaller, type DigestCallerOptions, wicAccess } from '../testing/digest-caller.ts';
import { createIdentities } from '../testing/identities.ts';
import { register, startNetwork, statesOf, type TestNetwork } from '../testing/test-network.ts';

const identities = await createIdentities();

const start = async (
  options: DigestCallerOptions = {},
): Promise<{ readonly network: TestNetwork; readonly dora: DigestCaller }> => {
  const network = await startNetwork(identities);
  const dora = new DigestCaller(network, 'dora', options);
  await dora.provision();
  return { network, dora };
};

const authPending = async ({ hss }: TestNetwork): Promise<boolean | undefined> =>
  (await hss.subscriptions.find('dora@ims.example'))?.identities[0]?.authPending;
const registered = (network: TestNetwork): readonly (string | undefined)[] => [
  'registered',
  'registered',
  `sip:${network.core.sCscfAddress};transport=tls`,
];
const algorithms = (challenges: readonly string[]): readonly string[] =>
  challenges.map((value) => /algorithm=(?<name>[\w-]+)/u.exec(value)?.groups?.name ?? '');

describe('[N.2.1.1] registration by SIP Digest', () => {
  it('[RFC 8760 2.3] is challenged by one header field an algorithm, the strongest first', async () => {
    const { network, dora } = await start();
    const { response } = await dora.challenged();
    expect(response).toMatchObject({ statusCode: 401, reasonPhrase: 'Unauthorized' });
    expect(algorithms(response.headers.all('WWW-Authenticate'))).toEqual(['SHA-256', 'MD5']);
    expect(parseNameAddr(response.headers.first('To') ?? '').params.has('tag')).toBe(true);
    expect(await statesOf(network, 'dora')).toEqual([
      'not-registered',
      'not-registered',
      `sip:${network.core.sCscfAddress};transport=tls`,
    ]);
    expect(await authPending(network)).toBe(true);
    expect(network.assignmentTypes).toEqual([]);
  });

  it('[O.2.3] [S-CSCF 17] tls-pending with a right answer registers; the 200 proves the network (N.2.2.2)', async () => {
    const { network, dora } = await start();
    const response = await dora.register();
    expect(response.statusCode).toBe(200);
    expect(response.headers.all('Authentication-Info')).toHaveLength(1);
    expect(response.headers.all('P-Associated-URI')).toEqual(['<sip:dora@ims.example>', '<sip:dora.work@ims.example>']);
    expect(response.headers.has('Service-Route')).toBe(true);
    expect(await statesOf(network, 'dora')).toEqual(registered(network));
    expect(await authPending(network)).toBe(false);
    expect(network.assignmentTypes).toEqual(['REGISTRATION']);
  });

  it.each(['', 'ip-assoc-pending'])('[N.2.1.1] without TLS too: integrity-protected "%s"', async (protection) => {
    const { dora } = await start({ protection });
    expect((await dora.register()).statusCode).toBe(200);
  });

  it('[N.2.3] refreshes with the next nonce count, in one round', async () => {
    const { network, dora } = await start();
    await dora.register();
    const refresh = await dora.send(dora.client.authorize(dora.createRegister()), 'tls-yes');
    expect(refresh.response.statusCode).toBe(200);
    dora.client.confirm(refresh.request, refresh.response);
    expect(network.assignmentTypes).toEqual(['REGISTRATION', 'RE_REGISTRATION']);
  });

  it('[N.2.3] [S-CSCF 9] a nonce count used before is stale; the new nonce serves', async () => {
    const { network, dora } = await start();
    await dora.register();
    const refresh = dora.client.authorize(dora.createRegister());
    expect((await dora.send(refresh)).response.statusCode).toBe(200);
    const again = { ...refresh, headers: refresh.headers.set('CSeq', '90 REGISTER') };
    const replay = await dora.send(again);
    expect(replay.response.statusCode).toBe(401);
    expect(replay.response.headers.all('WWW-Authenticate').every((value) => value.includes('stale=true'))).toBe(true);
    expect((await dora.send(dora.answer(replay))).response.statusCode).toBe(200);
    expect(await statesOf(network, 'dora')).toEqual(registered(network));
  });

  it('[N.2.2.3] a newer challenge ends the one before', async () => {
    const { dora } = await start();
    const first = await dora.challenged();
    await dora.challenged();
    const { response } = await dora.send(dora.answer(first));
    expect(response.statusCode).toBe(401);
    expect(response.headers.first('WWW-Authenticate')).toContain('stale=true');
  });

  it('[RFC 3261 10.2.2] deregistration is authenticated as registration is', async () => {
    const { network, dora } = await start();
    await dora.register();
    const stranger = new DigestCaller(network, 'dora', { password: 'guessed' });
    expect((await stranger.challenged({ expires: 0, callId: 'x' })).response.statusCode).toBe(401);
    expect((await stranger.register({ expires: 0, callId: 'x' })).statusCode).toBe(403);
    expect(await statesOf(network, 'dora')).toEqual(registered(network));
    expect((await dora.register({ contacts: ['*'], expires: 0 })).statusCode).toBe(200);
    expect(await statesOf(network, 'dora')).toEqual(['not-registered', 'not-registered', undefined]);
    expect(network.assignmentTypes).toEqual(['REGISTRATION', 'USER_DEREGISTRATION']);
  });

  it('[RFC 3261 10.3] [S-CSCF 14] 423 comes before the challenge', async () => {
    const { dora } = await start();
    expect((await dora.challenged({ expires: 1 })).response.statusCode).toBe(423);
  });

  it('[O.4.1] ten at once are carried out one after the other, and end with one registration', async () => {
    const { network, dora } = await start();
    const rounds = await Promise.all(Array.from({ length: 10 }, () => dora.challenged()));
    expect(new Set(rounds.map(({ response }) => response.statusCode))).toEqual(new Set([401]));
    expect((await dora.register()).statusCode).toBe(200);
    expect(await statesOf(network, 'dora')).toEqual(registered(network));
  });
});

describe('[O.4.1] an HSS that is slow', () => {
  it('[O.4.1] no more than twenty of a user wait: 503, and others are served', async () => {
    const { network, dora } = await start();
    const hss = Promise.withResolvers<void>();
    network.fault.delay = hss.promise;
    const { edge, sCscf } = network;
    const sent = await Promise.all(Array.from({ length: 25 }, () => edge.send(dora.createRegister(), sCscf)));
    const refused = await Promise.any(sent.map(({ final }) => final));
    expect(refused).toMatchObject({ statusCode: 503, reasonPhrase: 'Too Many Requests' });
    expect(refused.headers.first('Retry-After')).toBe('60');
    const bob = edge.send(edge.createRegister('bob'), sCscf);
    hss.resolve();
    expect((await (await bob).final).statusCode).toBe(200);
    const statusCodes = (await Promise.all(sent.map(({ final }) => final))).map(({ statusCode }) => statusCode);
    expect(statusCodes.filter((statusCode) => statusCode === 503)).toHaveLength(5);
    network.fault.delay = undefined;
    expect((await dora.register()).statusCode).toBe(200);
  });
});

describe('[O.4.3] re-registration over TLS', () => {
  const empty = 'Digest username="dora@ims.example",realm="ims.example",nonce="",uri="sip:ims.example",response=""';

  it.each([
    ['tls-yes', 'tls-pending', 200],
    ['tls-pending', 'tls-pending', 401],
    ['', 'tls-pending', 401],
    ['tls-yes', '', 401],
  ])('[O.4.3] [S-CSCF 11] "%s" without an answer, where it began with "%s": %i', async (now, before, statusCode) => {
    const { dora } = await start({ protection: before });
    await dora.register();
    const refresh = dora.createRegister({ authorization: [empty] });
    expect((await dora.send(refresh, now)).response.statusCode).toBe(statusCode);
  });

  it('[O.4.3] tls-yes of who is not registered is challenged', async () => {
    const { dora } = await start();
    const { response } = await dora.send(dora.createRegister({ authorization: [empty] }), 'tls-yes');
    expect(response.statusCode).toBe(401);
  });

  it('[O.4.3] tls-yes for another identity of the same user: as the first', async () => {
    const { dora } = await start();
    await dora.register();
    const other = dora.createRegister({ authorization: [empty], impu: 'sip:dora.work@ims.example' });
    expect((await dora.send(other, 'tls-yes')).response.statusCode).toBe(200);
  });

  it('[O.4.3] tls-yes for the identity of somebody else is challenged', async () => {
    const { dora } = await start();
    await dora.register();
    const other = dora.createRegister({ authorization: [empty], impu: 'sip:bob@ims.example' });
    expect((await dora.send(other, 'tls-yes')).response.statusCode).toBe(401);
  });
});

describe('[N.2.2.1] a wrong answer', () => {
  it('[N.2.2.1] 403 without any security parameter, and the HSS is told', async () => {
    const { network } = await start();
    const guess = new DigestCaller(network, 'dora', { password: 'guessed' });
    const response = await guess.register();
    expect(response).toMatchObject({ statusCode: 403, reasonPhrase: 'Registration not allowed' });
    expect(response.headers.has('WWW-Authenticate')).toBe(false);
    expect(response.headers.has('Authentication-Info')).toBe(false);
    await network.assignments.when(({ serverAssignmentType }) => serverAssignmentType === 'AUTHENTICATION_FAILURE');
    expect(await statesOf(network, 'dora')).toEqual(['not-registered', 'not-registered', undefined]);
  });

  it('[6.1.1] [N.2.2.1] never takes a registration away', async () => {
    const { network, dora } = await start();
    await dora.register();
    const guess = new DigestCaller(network, 'dora', { password: 'guessed' });
    expect((await guess.register({ callId: 'guess' })).statusCode).toBe(403);
    expect((await dora.register()).statusCode).toBe(200);
    expect(network.assignmentTypes).toEqual(['REGISTRATION', 'RE_REGISTRATION']);
  });

  it.each([
    ['an unknown user', 'nobody'],
    ['a user without a password here', 'alice'],
    ['a user who exists', 'dora'],
  ])('[TS 24.229 5.3.1.3] %s gets the same two answers', async (_name, user) => {
    const { network } = await start();
    const guess = new DigestCaller(network, user, { password: 'guessed' });
    const first = await guess.challenged();
    expect(algorithms(first.response.headers.all('WWW-Authenticate'))).toEqual(['SHA-256', 'MD5']);
    const { response } = await guess.send(guess.answer(first));
    expect(response).toMatchObject({ statusCode: 403, reasonPhrase: 'Registration not allowed' });
    expect([...response.headers].map(({ key }) => key)).toEqual([
      'via',
      'from',
      'to',
      'call-id',
      'cseq',
      'content-length',
    ]);
  });

  it('[X.3.1 REQ 2.4] a right password registers nobody else', async () => {
    const { network, dora } = await start();
    const response = await dora.register({ impu: 'sip:bob@ims.example', from: 'sip:bob@ims.example' });
    expect(response.statusCode).toBe(403);
    expect(await statesOf(network, 'bob')).toEqual(['not-registered', undefined]);
  });

  it('[TS 29.228 6.3.1] an HSS that is away: 5xx, and no challenge', async () => {
    const { network, dora } = await start();
    const first = await dora.challenged();
    await network.hss.stop();
    expect((await dora.send(dora.answer(first))).response.statusCode).toBe(504);
  });

  it('[RFC 6750 5.3] the log holds no nonce, no response and no identity', async () => {
    const { network, dora } = await start();
    const { request } = await dora.send(dora.answer(await dora.challenged()));
    await new DigestCaller(network, 'dora', { password: 'guessed' }).register({ callId: 'guess' });
    const secrets = (request.headers.first('Authorization') ?? '').match(/[0-9a-f]{32,}/gu) ?? [];
    expect(secrets.length).toBeGreaterThan(1);
    for (const secret of [...secrets, 'dora@']) {
      expect(network.log.all.filter((line) => line.includes(secret))).toEqual([]);
    }
  });
});

describe('[P.4.2] other schemes', () => {
  it.each([
    ['GIBA: nothing', [], '', 'GPRS-IMS-bundled authentication not supported'],
    [
      'GIBA: 3GPP access',
      [['P-Access-Network-Info', '3GPP-NR-FDD;network-provided']],
      '',
      'GPRS-IMS-bundled authentication not supported',
    ],
    [
      'tls-connected with MD5',
      [wicAccess],
      'algorithm=MD5,integrity-protected="tls-connected"',
      'Registration not allowed',
    ],
    ['tls-connected alone', [wicAccess], 'integrity-protected="tls-connected"', 'Registration not allowed'],
  ] as const)('[P.4.2] [S-CSCF 1] %s: 403 with a reason', async (_name, headers, params, reasonPhrase) => {
    const { network } = await start();
    const statement = `Digest username="dora@ims.example",realm="ims.example",nonce="",uri="sip:ims.example",${params}`;
    const response = await register(network, 'dora', { headers, authorization: params === '' ? [] : [statement] });
    expect(response).toMatchObject({ statusCode: 403, reasonPhrase });
  });

  it.each([
    ['AKA', 'integrity-protected="no"'],
    ['AKA over TLS', 'algorithm=AKAv2-SHA-256,integrity-protected="tls-connected"'],
  ])('[P.4.2] [S-CSCF 1] %s of a user who has a password only: one challenge, and 403', async (_name, params) => {
    const { network } = await start();
    const statement = (nonce: string, response: string): string =>
      `Digest username="dora@ims.example",realm="ims.example",nonce="${nonce}",uri="sip:ims.example",response="${response}",${params}`;
    const fields = { headers: [wicAccess], callId: 'aka' };
    const challenge = await register(network, 'dora', { ...fields, authorization: [statement('', '')] });
    expect(challenge.statusCode).toBe(401);
    const nonce = /nonce="(?<nonce>[^"]+)"/u.exec(challenge.headers.first('WWW-Authenticate') ?? '')?.groups?.nonce;
    const refusal = await register(network, 'dora', {
      ...fields,
      cseq: 2,
      authorization: [statement(nonce ?? '', '')],
    });
    expect(refusal).toMatchObject({ statusCode: 403, reasonPhrase: 'Registration not allowed' });
  });

  it('[U.2-7] [X.3.2.3-6] [S-CSCF 4] auth-done of a trusted node: the HSS is asked for no authentication data', async () => {
    const { network } = await start();
    const asked = vi.spyOn(network.cx.hss, 'multimediaAuth');
    expect((await register(network, 'dora')).statusCode).toBe(200);
    expect(asked).not.toHaveBeenCalled();
    expect(network.assignmentTypes).toEqual(['REGISTRATION']);
  });

  it('[P.4.1] a user with a password may still come by a trusted node', async () => {
    const { network } = await start();
    expect((await register(network, 'dora')).statusCode).toBe(200);
  });
});
