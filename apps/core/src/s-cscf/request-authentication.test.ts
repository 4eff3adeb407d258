import { createHa1, createResponse, type SipRequest, type SipResponse } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { DigestCaller } from '../testing/digest-caller.ts';
import { createIdentities } from '../testing/identities.ts';
import { callFrom, registered, startNetwork, type TestNetwork } from '../testing/test-network.ts';

const identities = await createIdentities();

/** Dora calls bob; both are registered, she by a password. */
async function start(provisioned: Readonly<Record<string, unknown>> = {}, setting = 'on') {
  const network = await startNetwork(identities, { settings: { CORE_CHALLENGE_REQUESTS: setting } });
  await registered(network, 'bob');
  const dora = new DigestCaller(network, 'dora');
  await dora.provision(provisioned);
  const route = (await dora.register()).headers.first('Service-Route') ?? '';
  let messages = 0;
  const message = (headers: readonly (readonly [string, string])[] = []): SipRequest => {
    messages += 1;
    return callFrom(network, 'dora', route, { method: 'MESSAGE', callId: `message-${messages}`, headers });
  };
  const send = async (request: SipRequest): Promise<SipResponse> =>
    (await network.edge.send(request, network.sCscf)).final;
  return { network, dora, route, message, send };
}

/** Bob answers the message, and what he got comes back. */
async function delivered(network: TestNetwork, request: SipRequest): Promise<SipRequest> {
  const exchange = await network.edge.send(request, network.sCscf);
  const callId = request.headers.first('Call-ID');
  const transaction = await network.edge.arrive('MESSAGE', ({ headers }) => headers.first('Call-ID') === callId);
  transaction.respond(createResponse(transaction.request, 200, { toTag: 'bob' }));
  expect((await exchange.final).statusCode).toBe(200);
  return transaction.request;
}
const challengesOf = (response: SipResponse): readonly string[] => {
  expect(response.statusCode).toBe(407);
  return response.headers.all('Proxy-Authenticate');
};

const nonceIn = (value = ''): string => /[ ,]nonce="(?<nonce>[^"]+)"/u.exec(value)?.groups?.nonce ?? '';
const challengeWith = (nonce: string): string =>
  `Digest realm="ims.example",nonce="${nonce}",algorithm=SHA-256,qop="auth"`;

describe('[N.2.1.2] [S-CSCF 12] requests other than REGISTER', () => {
  it('[N.2.1.2] are not asked for a proof unless the operator wants it', async () => {
    const { network, message } = await start({}, 'off');
    await delivered(network, message());
  });

  it('[N.2.1.2] 407 with the parameters of the registration; the right answer passes, and stays here', async () => {
    const { network, dora, message, send } = await start();
    const first = message([
      ['Proxy-Authorization', 'Digest realm="other.example",username="d",nonce="n",uri="sip:x",response="00"'],
    ]);
    const challenge = await send(first);
    expect(challengesOf(challenge)).toEqual([
      expect.stringMatching(/realm="ims\.example".*algorithm=SHA-256.*qop="auth"/u),
      expect.stringMatching(/algorithm=MD5/u),
    ]);
    const got = await delivered(network, dora.client.retry(first, challenge));
    expect(got.headers.all('Proxy-Authorization')).toEqual([expect.stringContaining('realm="other.example"')]);
  });

  it('[N.2.1.2] the next request is let through by the next nonce count, and a count used before is stale', async () => {
    const { network, dora, message, send } = await start();
    const first = message();
    const second = dora.client.retry(first, await send(first));
    await delivered(network, second);
    const third = dora.client.authorize(message());
    expect(third.headers.first('Proxy-Authorization')).toContain('nc=00000002');
    await delivered(network, third);
    const replay = { ...third, headers: third.headers.set('Call-ID', 'replayed') };
    for (const value of challengesOf(await send(replay))) expect(value).toContain('stale=true');
  });

  it('[N.2.1.2 NOTE 1a] its nonces and those of registrations are strangers to each other', async () => {
    const { dora, message, send } = await start();
    const ofRegister = nonceIn(dora.client.authorize(dora.createRegister()).headers.first('Authorization'));
    const first = message();
    const ofProxy = nonceIn(challengesOf(await send(first))[0]);
    const asked = createResponse(first, 407, { headers: [['Proxy-Authenticate', challengeWith(ofRegister)]] });
    for (const value of challengesOf(await send(dora.client.retry(first, asked))))
      expect(value).toContain('stale=true');
    const register = dora.createRegister();
    const stale = createResponse(register, 401, { headers: [['WWW-Authenticate', challengeWith(ofProxy)]] });
    const { response } = await dora.send(dora.client.retry(register, stale));
    expect(response.statusCode).toBe(401);
    expect(response.headers.first('WWW-Authenticate')).toContain('stale=true');
  });

  it('[N.2.1.2] a wrong response: 403', async () => {
    const { network, message, send } = await start();
    const guess = new DigestCaller(network, 'dora', { password: 'guessed' });
    const first = message();
    expect(await send(guess.client.retry(first, await send(first)))).toMatchObject({
      statusCode: 403,
      reasonPhrase: 'Authentication of the request failed',
    });
  });

  it('[N.2.1.2] [S-CSCF 12] an asserted identity that is not of the user who answers: 403', async () => {
    const { network, route, message, send } = await start();
    const mallory = new DigestCaller(network, 'mallory');
    await mallory.provision();
    await mallory.register();
    const first = message();
    const response = await send(mallory.client.retry(first, await send(first)));
    expect(response).toMatchObject({
      statusCode: 403,
      reasonPhrase: 'Asserted identity is not of the authenticated user',
    });
    expect(route).not.toBe('');
  });

  it('[N.2.1.2] any identity of the implicit set may be asserted', async () => {
    const { network, dora, message, send } = await start();
    const first = message();
    const asserted = { ...first, headers: first.headers.set('P-Asserted-Identity', '<sip:dora.work@ims.example>') };
    await delivered(network, dora.client.retry(asserted, await send(asserted)));
  });

  it('[N.2.1.2 NOTE 1b] [N.2.5] a pushed password serves here too, and ends the old one', async () => {
    const { network, dora, message, send } = await start();
    await network.hss.subscriptions.change('dora@ims.example', { digest: { password: 'second' } });
    const renewed = new DigestCaller(network, 'dora', { password: 'second' });
    const first = message();
    await delivered(network, dora.client.retry(first, await send(first)));
    const second = message();
    await delivered(network, renewed.client.retry(second, await send(second)));
    expect((await send(dora.client.authorize(message()))).statusCode).toBe(403);
  });

  it('[N.2.1.2] who has MD5 only is asked for MD5', async () => {
    const secret = { username: 'dora@ims.example', realm: 'ims.example', password: 'dora-demo' };
    const { network, dora, message, send } = await start({ digest: { ha1: { MD5: createHa1('MD5', secret) } } });
    const first = message();
    const challenge = await send(first);
    expect(challengesOf(challenge)).toEqual([expect.stringMatching(/algorithm=MD5/u)]);
    await delivered(network, dora.client.retry(first, challenge));
  });

  it('[N.2.1.2] users for whom a trusted node vouches are not asked: annex N is not theirs', async () => {
    const { network } = await start();
    const route = await registered(network, 'alice');
    await delivered(network, callFrom(network, 'alice', route, { method: 'MESSAGE' }));
  });
});
