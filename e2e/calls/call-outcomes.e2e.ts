import { expect, test } from '../fixtures.ts';

test('[RFC 3261 15] either side hangs up', async ({ openWic, subscriber }) => {
  const [alice, bob] = [await openWic(await subscriber('alice')), await openWic(await subscriber('bob'))];
  for (const [one, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    await alice.dial(bob.account.username);
    await bob.answer();
    await expect(alice.call).toHaveText(/^In call/u);
    await one.hangUp();
    await expect(one.call).toHaveText(/^Ended/u);
    await expect(other.call).toHaveText(/^Ended/u);
  }
});

test('[RFC 3261 21.6.2] the called person declines', async ({ openWic, subscriber }) => {
  const [alice, bob] = [await openWic(await subscriber('alice')), await openWic(await subscriber('bob'))];
  await alice.dial(bob.account.username);
  await bob.incoming.waitFor();
  await bob.button('Decline').click();
  await expect(alice.call).toHaveText(/^(?:Ended|Failed).*declined/u);
});

test('[RFC 3261 9] the caller cancels, and the far end stops ringing', async ({ openWic, subscriber }) => {
  const [alice, bob] = [await openWic(await subscriber('alice')), await openWic(await subscriber('bob'))];
  await alice.dial(bob.account.username);
  await bob.incoming.waitFor();
  await alice.hangUp();
  await expect(bob.incoming).toBeHidden();
  await expect(alice.call).toHaveText(/^Ended/u);
});

test('[RFC 3261 21.4.24] a third caller hears that the person is busy', async ({ openWic, subscriber }) => {
  const alice = await openWic(await subscriber('alice'));
  const bob = await openWic(await subscriber('bob'));
  const carol = await openWic(await subscriber('carol'));
  await alice.dial(bob.account.username);
  await bob.answer();
  await expect(alice.call).toHaveText(/^In call/u);
  await carol.dial(bob.account.username);
  await expect(carol.call).toHaveText(/^(?:Ended|Failed).*busy/u);
  await expect(alice.call).toHaveText(/^In call/u);
});

test('[TS 24.229 5.4.3.3] a person who is not signed in, and a name that nobody has', async ({
  openWic,
  subscriber,
}) => {
  const alice = await openWic(await subscriber('alice'));
  const bob = await subscriber('bob');
  await alice.dial(bob.username);
  await expect(alice.call).toHaveText(/^Failed.*is not signed in/u);
  await alice.dial('nobodyatall');
  await expect(alice.call).toHaveText(/^Failed.*no one called/u);
});

test('[RFC 3261 16.7] two browsers of one person ring; when one answers, the other stops', async ({
  openWic,
  subscriber,
}) => {
  const alice = await openWic(await subscriber('alice'));
  const account = await subscriber('bob');
  const [desk, phone] = [await openWic(account), await openWic(account)];
  await alice.dial(account.username);
  await desk.incoming.waitFor();
  await phone.incoming.waitFor();
  await phone.answer();
  await expect(desk.incoming).toBeHidden();
  await expect(alice.call).toHaveText(/^In call/u);
  await expect(phone.call).toHaveText(/^In call/u);
  await alice.hangUp();
});
