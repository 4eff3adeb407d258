import { describe, expect, it } from 'vitest';
import { DigestCaller } from '../testing/digest-caller.ts';
import { createIdentities } from '../testing/identities.ts';
import { startNetwork, statesOf, type TestNetwork } from '../testing/test-network.ts';

const identities = await createIdentities();

async function start() {
  const network = await startNetwork(identities);
  const dora = new DigestCaller(network, 'dora');
  await dora.provision();
  expect((await dora.register()).statusCode).toBe(200);
  return { network, dora };
}
/** Each is a REGISTER procedure of its own, with another Call-ID. */
const registerWith = async (network: TestNetwork, password: string): Promise<number> => {
  const caller = new DigestCaller(network, 'dora', { password });
  return (await caller.register({ callId: crypto.randomUUID(), contacts: ['<sip:dora@wic.invalid>;q=0.5'] }))
    .statusCode;
};
const setPassword = async (network: TestNetwork, password: string): Promise<void> => {
  await network.hss.subscriptions.change('dora@ims.example', { digest: { password } });
};

describe('[N.2.5] dynamic password change, pushed by the HSS', () => {
  it('[N.2.5] [S-CSCF 10] the old password serves until the new one was used, then no more', async () => {
    const { network } = await start();
    await setPassword(network, 'second');
    expect(await registerWith(network, 'dora-demo')).toBe(200);
    expect(await registerWith(network, 'second')).toBe(200);
    expect(await registerWith(network, 'dora-demo')).toBe(403);
    expect(await registerWith(network, 'second')).toBe(200);
  });

  it('[N.2.5] [S-CSCF 10] of three the one in the middle goes, which nobody used', async () => {
    const { network } = await start();
    await setPassword(network, 'second');
    await setPassword(network, 'third');
    expect(await registerWith(network, 'second')).toBe(403);
    expect(await registerWith(network, 'dora-demo')).toBe(200);
    expect(await registerWith(network, 'third')).toBe(200);
    expect(await registerWith(network, 'dora-demo')).toBe(403);
  });

  it('[N.2.5] ongoing refreshes are not disturbed', async () => {
    const { network, dora } = await start();
    await setPassword(network, 'second');
    const refresh = await dora.send(dora.client.authorize(dora.createRegister()));
    expect(refresh.response.statusCode).toBe(200);
    dora.client.confirm(refresh.request, refresh.response);
  });

  it('[N.2.5 NOTE 6] who was deregistered before has the new password only', async () => {
    const { network, dora } = await start();
    expect((await dora.register({ expires: 0 })).statusCode).toBe(200);
    await setPassword(network, 'second');
    expect(await registerWith(network, 'dora-demo')).toBe(403);
    expect(await registerWith(network, 'second')).toBe(200);
  });

  it.each([
    ['another', { password: 'second' }],
    ['none', null],
  ])(
    '[N.2.5 NOTE 6] who is being challenged has %s from then on: the old one registers nobody',
    async (_name, digest) => {
      const { network, dora } = await start();
      expect((await dora.register({ expires: 0 })).statusCode).toBe(200);
      const answer = dora.answer(await dora.challenged());
      await network.hss.subscriptions.change('dora@ims.example', { digest });
      expect((await dora.send(answer)).response.statusCode).not.toBe(200);
      expect((await statesOf(network, 'dora'))[0]).toBe('not-registered');
    },
  );

  it('[N.2.5] a wrong password is wrong beside two right ones', async () => {
    const { network } = await start();
    await setPassword(network, 'second');
    expect(await registerWith(network, 'guessed')).toBe(403);
    expect(await registerWith(network, 'second')).toBe(200);
  });
});
