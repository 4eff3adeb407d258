import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AkaSubscriber, provisionedKeys } from '../testing/aka-subscriber.ts';
import { DigestCaller, type DigestCallerOptions } from '../testing/digest-caller.ts';
import { createIdentities } from '../testing/identities.ts';
import { register, registered, startNetwork, statesOf, type TestNetwork } from '../testing/test-network.ts';
import { Registrations } from './registrations.ts';

const identities = await createIdentities();

const overTls = { protection: 'tls-connected', algorithm: 'AKAv2-SHA-256' } as const;

async function start(options: DigestCallerOptions = overTls, aka = new AkaSubscriber()) {
  const network = await startNetwork(identities);
  const erik = new DigestCaller(network, 'erik', { ...options, aka });
  await erik.provision();
  return { network, erik, aka };
}
/** One more REGISTER of erik's registration. */
const same = { callId: 'call-of-erik', cseq: 100 };
const isRegistered = async (network: TestNetwork): Promise<boolean> =>
  (await statesOf(network, 'erik'))[0] === 'registered';
const withWrongResponse = (value: string): string =>
  value.replace(/(?<=response=")[0-9a-f]/u, (digit) => (digit === '0' ? '1' : '0'));

describe('[X.2.3.3] IMS AKA over TLS, with the HSS', () => {
  it('[X.2.3.3] [S-CSCF 2] registers who has the ISIM; the network proves itself; refreshes get a vector of their own', async () => {
    const { network, erik, aka } = await start();
    const response = await erik.register();
    expect(response.statusCode).toBe(200);
    expect(response.headers.first('Authentication-Info')).toContain('rspauth="');
    expect(await isRegistered(network)).toBe(true);
    expect((await erik.register()).statusCode).toBe(200);
    expect(aka.outcomes).toEqual(['success', 'success']);
    expect(network.assignmentTypes).toEqual(['REGISTRATION', 'RE_REGISTRATION']);
  });

  it('[X.2.3.3] after a success the registration has the state tls-protected, and after each refresh', async () => {
    // The state is the S-CSCF's own: it shows on no reference point.
    const bind = vi.spyOn(Registrations.prototype, 'bind');
    onTestFinished(() => bind.mockRestore());
    const { erik } = await start();
    const challenged = await erik.challenged();
    expect(bind).not.toHaveBeenCalled();
    expect((await erik.send(erik.answer(challenged))).response.statusCode).toBe(200);
    expect((await erik.register()).statusCode).toBe(200);
    const bindings = bind.mock.calls.map(([, , binding]) => binding);
    expect(bindings).toMatchObject(Array(2).fill({ scheme: 'IMS AKA over TLS', isTlsProtected: true }));
  });

  it('[X.2.3.3] [S-CSCF 3] tls-connected without an answer registers nobody, however often', async () => {
    const { network, erik } = await start();
    expect((await erik.challenged()).response.statusCode).toBe(401);
    expect((await erik.challenged()).response.statusCode).toBe(401);
    expect(await isRegistered(network)).toBe(false);
  });

  it('[6.1.2.1] [6.1.1] [S-CSCF 7] a wrong RES: 403 without security parameters; who is registered stays registered', async () => {
    const { network, erik } = await start();
    await erik.register();
    const answer = erik.answer(await erik.challenged());
    const wrong = withWrongResponse(answer.headers.first('Authorization') ?? '');
    const { response } = await erik.send({ ...answer, headers: answer.headers.set('Authorization', wrong) });
    expect(response).toMatchObject({ statusCode: 403, reasonPhrase: 'Registration not allowed' });
    expect(response.headers.has('WWW-Authenticate')).toBe(false);
    expect(await isRegistered(network)).toBe(true);
    expect(network.assignmentTypes).toEqual(['REGISTRATION']);
  });

  it('[6.1.2.2] an ISIM that does not know this network: 403, and the HSS clears the S-CSCF', async () => {
    const { network, erik } = await start();
    const { request, response: challenge } = await erik.challenged();
    const nonce = /nonce="[^"]+"/u.exec(challenge.headers.first('WWW-Authenticate') ?? '')?.[0] ?? '';
    const failure = (request.headers.first('Authorization') ?? '').replace('nonce=""', nonce);
    const headers = request.headers.set('Authorization', failure).set('CSeq', '2 REGISTER');
    expect((await erik.send({ ...request, headers })).response.statusCode).toBe(403);
    await network.assignments.when(({ serverAssignmentType }) => serverAssignmentType === 'AUTHENTICATION_FAILURE');
    expect(await statesOf(network, 'erik')).toEqual(['not-registered', 'not-registered', undefined]);
  });

  it('[6.1.3] [S-CSCF 18] AUTS: the HSS comes into step, and the next answer registers', async () => {
    const { network, erik, aka } = await start();
    await erik.register();
    // The HSS lost its counter.
    await network.hss.subscriptions.change('erik@ims.example', { aka: null });
    await network.hss.subscriptions.change('erik@ims.example', { aka: provisionedKeys });
    const again = new DigestCaller(network, 'erik', { ...overTls, aka });
    const failed = await again.send(again.answer(await again.challenged({ callId: 'again' })));
    expect(failed.request.headers.first('Authorization')).toContain('auts="');
    expect(failed.response.statusCode).toBe(401);
    expect((await again.send(again.answer(failed))).response.statusCode).toBe(200);
    expect(aka.outcomes).toEqual(['success', 'synchronisation failure', 'success']);
    expect(await isRegistered(network)).toBe(true);
  });

  it('[6.1.1] [S-CSCF 2] the same answer again, after the registration: another challenge, no registration', async () => {
    const { network, erik } = await start();
    const answer = erik.answer(await erik.challenged());
    expect((await erik.send(answer)).response.statusCode).toBe(200);
    const replay = { ...answer, headers: answer.headers.set('CSeq', '50 REGISTER') };
    expect((await erik.send(replay)).response.statusCode).toBe(401);
    expect(network.assignmentTypes).toEqual(['REGISTRATION']);
  });

  it('[RFC 6750 5.3] the log holds no nonce, no response and no identity', async () => {
    const { network, erik } = await start();
    const { request } = await erik.send(erik.answer(await erik.challenged()));
    const secrets = [
      ...(request.headers.first('Authorization') ?? '').matchAll(/(?:nonce|response)="(?<value>[^"]{32,})"/gu),
    ];
    expect(secrets.length).toBeGreaterThan(1);
    for (const secret of [...secrets.map(({ groups }) => groups?.value ?? ''), 'erik@']) {
      expect(network.log.all.filter((line) => line.includes(secret))).toEqual([]);
    }
  });
});

describe('[6.1.1] IMS AKA of a P-CSCF with security associations', () => {
  it('[6.1.1] [TS 24.229 5.4.1.2.1A] no, then yes: CK and IK go to the trusted P-CSCF, and the user is registered', async () => {
    const { network, erik } = await start({});
    const empty = 'Digest username="erik@ims.example",realm="ims.example",nonce="",uri="sip:ims.example",response=""';
    const first = await erik.send(erik.createRegister({ authorization: [empty] }), 'no');
    expect(first.response.headers.first('WWW-Authenticate')).toMatch(
      /algorithm=AKAv1-MD5.*ik="[0-9a-f]{32}", ck="[0-9a-f]{32}"/u,
    );
    expect((await erik.send(erik.answer(first), 'yes')).response.statusCode).toBe(200);
    expect(await isRegistered(network)).toBe(true);
  });

  it('[TS 24.229 5.4.1.2.2] yes of who is not known any more: 500, to begin anew', async () => {
    const { erik } = await start({});
    const empty = 'Digest username="erik@ims.example",realm="ims.example",nonce="",uri="sip:ims.example",response=""';
    const { response } = await erik.send(erik.createRegister({ authorization: [empty] }), 'yes');
    expect(response).toMatchObject({ statusCode: 500, reasonPhrase: 'Registration lost' });
  });
});

describe('[P.4.1] the scheme of a registration does not change', () => {
  it('[P.4.1] from AKA over TLS to trusted node authentication: 403; the registration stands', async () => {
    const { network, erik } = await start();
    await erik.register();
    const other = await register(network, 'erik', same);
    expect(other).toMatchObject({ statusCode: 403, reasonPhrase: 'Registered by another authentication scheme' });
    expect((await erik.register()).statusCode).toBe(200);
    expect(network.assignmentTypes).toEqual(['REGISTRATION', 'RE_REGISTRATION']);
  });

  it.each([600, 0])(
    '[P.4.1] from trusted node authentication to AKA, expires %i: 403 once the user is proven',
    async (expires) => {
      const { network, erik } = await start();
      await registered(network, 'erik', { callId: same.callId, cseq: 0 });
      const first = await erik.challenged({ expires });
      expect(first.response.statusCode).toBe(401);
      const { response } = await erik.send(erik.answer(first));
      expect(response).toMatchObject({ statusCode: 403, reasonPhrase: 'Registered by another authentication scheme' });
      expect(await isRegistered(network)).toBe(true);
    },
  );

  it('[P.4.1] [O.4.3] tls-yes takes over no registration by AKA', async () => {
    const { erik } = await start();
    await erik.register();
    const empty = 'Digest username="erik@ims.example",realm="ims.example",nonce="",uri="sip:ims.example",response=""';
    const { response } = await erik.send(erik.createRegister({ authorization: [empty] }), 'tls-yes');
    expect(response.statusCode).toBe(403);
  });

  it('[P.4.1] [P.3] a registration of its own, of another connection, may be by another scheme: nobody is locked out', async () => {
    const { network, erik } = await start();
    await registered(network, 'erik', { callId: 'before' });
    expect((await erik.register()).statusCode).toBe(200);
    expect(network.assignmentTypes).toEqual(['REGISTRATION', 'RE_REGISTRATION']);
    expect((await register(network, 'erik', same)).statusCode).toBe(403);
  });

  it('[P.4.1] after the registration has ended each scheme will do', async () => {
    const { network, erik } = await start();
    await erik.register();
    expect((await erik.register({ expires: 0 })).statusCode).toBe(200);
    await registered(network, 'erik');
  });
});
