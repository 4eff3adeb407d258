import type { UserAuthorizationRequest } from '@wicgate/cx';
import { createResponse } from '@wicgate/sip';
import { describe, expect, it, vi } from 'vitest';
import { AkaSubscriber } from '../testing/aka-subscriber.ts';
import { DigestCaller, wicAccess } from '../testing/digest-caller.ts';
import { createIdentities } from '../testing/identities.ts';
import { startNetwork, type TestNetwork } from '../testing/test-network.ts';

const identities = await createIdentities();

/** What the I-CSCF asks the HSS, which answers all the same. */
function watchUar(network: TestNetwork): readonly UserAuthorizationRequest[] {
  const asked: UserAuthorizationRequest[] = [];
  const { hss } = network.cx;
  const ask = hss.userAuthorization.bind(hss);
  vi.spyOn(hss, 'userAuthorization').mockImplementation((request) => {
    asked.push(request);
    return ask(request);
  });
  return asked;
}

/** The edge stands in for an S-CSCF that the HSS names for dora. */
async function startWithScriptedSCscf() {
  const network = await startNetwork(identities);
  const dora = new DigestCaller(network, 'dora');
  const serverName = `sip:${network.edge.address};transport=tls`;
  await dora.provision({ serverCapabilities: { serverNames: [serverName] } });
  return { network, dora, serverName };
}

describe('[TS 29.228 6.1.1] the user registration query', () => {
  it('[TS 29.228 6.1.1] [I-CSCF 1] is made for each REGISTER: the first, its answer, refreshes, and the last', async () => {
    const network = await startNetwork(identities);
    const dora = new DigestCaller(network, 'dora');
    await dora.provision();
    const asked = watchUar(network);
    await dora.register();
    await dora.register();
    await dora.register({ expires: 0 });
    const types = asked.map(({ userAuthorizationType }) => userAuthorizationType);
    expect(types).toEqual(['REGISTRATION', 'REGISTRATION', 'REGISTRATION', 'DE_REGISTRATION']);
    expect(asked[0]).toEqual({
      impi: 'dora@ims.example',
      impu: 'sip:dora@ims.example',
      visitedNetworkIdentifier: 'ims.example',
      userAuthorizationType: 'REGISTRATION',
      emergencyRegistration: false,
    });
  });

  it('[N.2.1.1] [P.6] [I-CSCF 2] without credentials the private identity is the public one, bare', async () => {
    const network = await startNetwork(identities);
    const dora = new DigestCaller(network, 'dora');
    await dora.provision();
    const asked = watchUar(network);
    await dora.challenged({ impu: 'sip:dora@ims.example:5060;user=phone' });
    expect(asked).toEqual([expect.objectContaining({ impi: 'dora@ims.example' })]);
  });

  it.each([
    ['an emergency', '<sip:dora@wic.invalid;sos>', true],
    ['none', '<sip:dora@wic.invalid>;sos', false],
  ])('[TS 29.228 6.1.1] [I-CSCF 1] UAR-Flags: %s', async (_name, contact, emergencyRegistration) => {
    const network = await startNetwork(identities);
    const dora = new DigestCaller(network, 'dora');
    await dora.provision();
    const asked = watchUar(network);
    await dora.challenged({ contacts: [contact] });
    expect(asked).toEqual([expect.objectContaining({ emergencyRegistration })]);
  });
});

describe('[TS 29.228 6.1.1.1] the S-CSCF of a user', () => {
  it.each([
    ['first registration: by the capabilities', false],
    ['subsequent registration: the one that serves the user', true],
  ])('[TS 29.228 6.1.1.1] [I-CSCF 3] [I-CSCF 7] %s; Authorization goes on octet for octet', async (_name, isServed) => {
    const { network, dora, serverName } = await startWithScriptedSCscf();
    if (isServed) {
      await network.cx.hss.serverAssignment({
        impi: 'dora@ims.example',
        impus: ['sip:dora@ims.example'],
        serverName,
        serverAssignmentType: 'REGISTRATION',
        userDataAlreadyAvailable: false,
      });
    }
    const statement =
      'Digest username="dora@ims.example", realm="ims.example",nonce="",uri="sip:ims.example",response="",integrity-protected="tls-yes",x="y"';
    const request = dora.createRegister({ authorization: [statement], headers: [wicAccess] });
    const exchange = await network.edge.send(request, network.iCscf);
    const transaction = await network.edge.arrive('REGISTER');
    expect(transaction.request.requestUri).toBe(serverName);
    expect(transaction.request.headers.all('Authorization')).toEqual([statement]);
    transaction.respond(createResponse(transaction.request, 200, { toTag: 'scscf' }));
    expect((await exchange.final).statusCode).toBe(200);
  });

  it('[N.2.2.1] [X.2.3.3] [I-CSCF 4] who is to be challenged by AKA learns nothing of who exists: 401, then 403', async () => {
    const network = await startNetwork(identities);
    const aka = new AkaSubscriber();
    const nobody = new DigestCaller(network, 'nobody', {
      aka,
      protection: 'tls-connected',
      algorithm: 'AKAv2-SHA-256',
    });
    const { request, response } = await nobody.challenged();
    expect(response.statusCode).toBe(401);
    expect(() => nobody.client.retry(request, response)).toThrow();
    expect(aka.outcomes).toEqual(['MAC failure']);
    const nonce = /nonce="[^"]+"/u.exec(response.headers.first('WWW-Authenticate') ?? '')?.[0] ?? '';
    const answer = (request.headers.first('Authorization') ?? '').replace('nonce=""', nonce);
    const second = request.headers.set('Authorization', answer).set('CSeq', '2 REGISTER');
    expect((await nobody.send({ ...request, headers: second })).response).toMatchObject({
      statusCode: 403,
      reasonPhrase: 'Registration not allowed',
    });
  });
});
