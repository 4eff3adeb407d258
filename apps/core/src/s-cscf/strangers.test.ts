import { randomBytes } from 'node:crypto';
import { DigestClient, type SipRequest, type SipResponse } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { AkaSubscriber } from '../testing/aka-subscriber.ts';
import { DigestCaller } from '../testing/digest-caller.ts';
import { createIdentities } from '../testing/identities.ts';
import { clientOf, Stranger } from '../testing/stranger.ts';
import { startNetwork, statesOf, type TestNetwork } from '../testing/test-network.ts';

const identities = await createIdentities();

async function start(user = 'dora', aka?: AkaSubscriber): Promise<{ network: TestNetwork; stranger: Stranger }> {
  const network = await startNetwork(identities);
  await new DigestCaller(network, user, aka === undefined ? {} : { aka }).provision();
  const stranger = await new Stranger(network, user).connect('tcp', network.core.sCscfPort);
  return { network, stranger };
}

async function registerBy(client: DigestClient, stranger: Stranger, request: SipRequest): Promise<SipResponse> {
  const challenge = await stranger.send(request);
  expect(challenge.statusCode).toBe(401);
  return stranger.send(client.retry(request, challenge));
}

describe('[P.4.2-3] strangers who register at the S-CSCF itself', () => {
  it.each(['tcp', 'udp'] as const)('[N.2.1.1] %s: who knows the password is registered', async (transport) => {
    const { network } = await start();
    const stranger = await new Stranger(network).connect(transport, network.core.sCscfPort);
    const response = await registerBy(clientOf('dora-demo'), stranger, stranger.createRegister());
    expect(response.statusCode).toBe(200);
    expect(response.headers.first('Authentication-Info')).toContain('rspauth="');
    expect((await statesOf(network, 'dora'))[0]).toBe('registered');
  });

  it('[6.1.1] [P.4.2-3] who has an ISIM is challenged by AKAv1-MD5, without any key, and registered', async () => {
    const aka = new AkaSubscriber();
    const { network, stranger } = await start('erik', aka);
    const random = (length: number): Uint8Array => randomBytes(length);
    const client = new DigestClient({ findUser: () => ({ username: 'erik@ims.example', aka: aka.answer }), random });
    const request = stranger.createRegister();
    const challenge = await stranger.send(request);
    expect(challenge.headers.all('WWW-Authenticate')).toHaveLength(1);
    expect(challenge.headers.first('WWW-Authenticate')).toMatch(/algorithm=AKAv1-MD5/u);
    expect(challenge.headers.first('WWW-Authenticate')).not.toMatch(/\b[ci]k=/u);
    expect((await stranger.send(client.retry(request, challenge))).statusCode).toBe(200);
    expect((await statesOf(network, 'erik'))[0]).toBe('registered');
  });

  it.each(['auth-done', 'tls-yes', 'tls-pending', 'tls-connected', 'ip-assoc-yes', 'yes', 'no'])(
    '[U.1] [U.2-4] [S-CSCF 4] integrity-protected="%s" of theirs is refused, also beside a right answer',
    async (value) => {
      const { network, stranger } = await start();
      const first = stranger.createRegister();
      const second = clientOf('dora-demo').retry(first, await stranger.send(first));
      const authorization = `${second.headers.first('Authorization')},integrity-protected="${value}"`;
      const response = await stranger.send({ ...second, headers: second.headers.set('Authorization', authorization) });
      expect(response).toMatchObject({
        statusCode: 403,
        reasonPhrase: 'Trusted node authentication needs a trusted peer',
      });
      expect((await statesOf(network, 'dora'))[0]).toBe('not-registered');
    },
  );

  it.each([
    ['who is barred', { impus: [{ impu: 'sip:dora@ims.example', barred: true }] }],
    ['whom another S-CSCF serves', { serverCapabilities: { serverNames: ['sip:192.0.2.9:5061'] } }],
  ])(
    '[TS 29.228 6.1.1.1] [I-CSCF 1] %s gets no challenge: the HSS is asked as by the I-CSCF',
    async (_name, change) => {
      const { network, stranger } = await start();
      await network.hss.subscriptions.change('dora@ims.example', change);
      expect(await stranger.send(stranger.createRegister())).toMatchObject({
        statusCode: 403,
        reasonPhrase: 'Registration not allowed',
      });
    },
  );

  it('[N.2.2.1] who does not exist gets the same two answers', async () => {
    const { network } = await start();
    const stranger = await new Stranger(network, 'nobody').connect('tcp', network.core.sCscfPort);
    const response = await registerBy(clientOf('guessed'), stranger, stranger.createRegister());
    expect(response).toMatchObject({ statusCode: 403, reasonPhrase: 'Registration not allowed' });
  });

  it('[RFC 5626 6] reg-id: registered without outbound, for that listener keeps no flow, and the 200 says so', async () => {
    const { stranger } = await start();
    const contacts = ['<sip:dora@192.0.2.1>;reg-id=1;+sip.instance="<urn:uuid:1>"'];
    const response = await registerBy(clientOf('dora-demo'), stranger, stranger.createRegister({ contacts }));
    expect(response.statusCode).toBe(200);
    expect(response.headers.has('Require')).toBe(false);
  });
});
