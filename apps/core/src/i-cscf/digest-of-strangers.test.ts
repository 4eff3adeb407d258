import { describe, expect, it } from 'vitest';
import { DigestCaller } from '../testing/digest-caller.ts';
import { createIdentities } from '../testing/identities.ts';
import { clientOf, Stranger } from '../testing/stranger.ts';
import { startNetwork, statesOf, type TestNetwork } from '../testing/test-network.ts';

const identities = await createIdentities();

async function start(settings: Readonly<Record<string, string>> = {}): Promise<TestNetwork> {
  const network = await startNetwork(identities, { settings });
  await new DigestCaller(network, 'dora').provision();
  return network;
}

describe('[N.2.1.1] [P.3] SIP Digest of peers that prove nothing else', () => {
  it.each(['tcp', 'udp'] as const)('[N.2.1.1] %s: who knows the password is registered', async (transport) => {
    const network = await start();
    const stranger = await new Stranger(network).connect(transport);
    const client = clientOf('dora-demo');
    const first = stranger.createRegister();
    const challenge = await stranger.send(first);
    expect(challenge.statusCode).toBe(401);
    const second = client.retry(first, challenge);
    const response = await stranger.send(second);
    expect(response.statusCode).toBe(200);
    client.confirm(second, response);
    expect((await statesOf(network, 'dora'))[0]).toBe('registered');
  });

  it('[N.2.2.1] who does not is refused', async () => {
    const network = await start();
    const stranger = await new Stranger(network).connect('tcp');
    const first = stranger.createRegister();
    const second = clientOf('guessed').retry(first, await stranger.send(first));
    expect(await stranger.send(second)).toMatchObject({ statusCode: 403, reasonPhrase: 'Registration not allowed' });
    expect((await statesOf(network, 'dora'))[0]).toBe('not-registered');
  });

  it.each(['tls-yes', 'tls-pending', 'ip-assoc-yes', 'auth-done', 'no'])(
    '[U.2-4] integrity-protected="%s" of theirs is refused, also beside a right answer',
    async (value) => {
      const network = await start();
      const stranger = await new Stranger(network).connect('tcp');
      const first = stranger.createRegister();
      const second = clientOf('dora-demo').retry(first, await stranger.send(first));
      const authorization = `${second.headers.first('Authorization')},integrity-protected="${value}"`;
      const response = await stranger.send({ ...second, headers: second.headers.set('Authorization', authorization) });
      expect(response).toMatchObject({
        statusCode: 403,
        reasonPhrase: 'Trusted node authentication needs a trusted peer',
      });
    },
  );

  it('[TS 24.229 4.4] [P.4.2] their Path and their access network count for nothing', async () => {
    const network = await start();
    const stranger = await new Stranger(network).connect('tcp');
    const client = clientOf('dora-demo');
    const first = stranger.createRegister({
      path: [network.edge.route('flow-alice')],
      headers: [['P-Access-Network-Info', '3GPP-NR-FDD;network-provided']],
    });
    const challenge = await stranger.send(first);
    expect(challenge.statusCode).toBe(401);
    const response = await stranger.send(client.retry(first, challenge));
    expect(response.statusCode).toBe(200);
    expect(response.headers.has('Path')).toBe(false);
  });

  it('[RFC 5626 6] a contact that is to be kept with its flow: 439, for the I-CSCF keeps none', async () => {
    const network = await start();
    const stranger = await new Stranger(network).connect('tcp');
    const contacts = ['<sip:dora@192.0.2.1>;reg-id=1;+sip.instance="<urn:uuid:1>"'];
    expect((await stranger.send(stranger.createRegister({ contacts }))).statusCode).toBe(439);
    expect((await stranger.send(stranger.createRegister({ contacts, supported: 'path' }))).statusCode).toBe(401);
  });

  it('[RFC 3261 26.3.2.4] the budget of the address holds for them', async () => {
    const network = await start({ CORE_UNTRUSTED_BURST: '3', CORE_UNTRUSTED_REQUESTS_PER_SECOND: '1' });
    const stranger = await new Stranger(network).connect('tcp');
    const codes: number[] = [];
    for (let number = 0; number < 6; number += 1)
      codes.push((await stranger.send(stranger.createRegister())).statusCode);
    expect(codes.slice(0, 3)).toEqual([401, 401, 401]);
    expect(codes.at(-1)).toBe(503);
  });

  it.each([['barred', { impus: [{ impu: 'sip:dora@ims.example', barred: true }] }]])(
    '[TS 29.228 6.1.1.1] a right password of who is %s registers nobody',
    async (_name, change) => {
      const network = await start();
      await network.hss.subscriptions.change('dora@ims.example', change);
      const stranger = await new Stranger(network).connect('tcp');
      expect((await stranger.send(stranger.createRegister())).statusCode).toBe(403);
    },
  );
});
