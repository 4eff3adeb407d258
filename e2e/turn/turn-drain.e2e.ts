/**
 * A TURN server is taken out of service in the middle of a call, and another takes over (RFC 8489 10).
 *
 * @module
 */
import type { Lab } from '@wicgate/lab';
import { decodeAddress, method } from '@wicgate/stun';
import { outcomeOf, type PasswordLogin, requestedUdp, requiredValue, TurnClient } from '@wicgate/turn-client';
import { openWicWith } from '../calls/client-configuration.ts';
import { expect, test } from '../fixtures.ts';
import type { WicPage } from '../pages/wic-page.ts';
import { openClient, tryLogin } from './relay-by-token.ts';
import { callOverRelay, credentialOf, expectMedia, relayInUse } from './relayed-calls.ts';
import { operatedTurn, TurnOperator, tidOf } from './turn-operator.ts';
import { secondHost, TurnServerProcess } from './turn-server-process.ts';

test.use({
  labSettings: {
    ...operatedTurn,
    WWSF_ICE_TRANSPORT_POLICY: 'relay',
    WWSF_TURN_URIS: `turn:127.0.0.1:{turn}?transport=udp,turn:${secondHost}:{turn}?transport=udp`,
    TURN_ALTERNATE_SERVERS: `${secondHost}:{turn}`,
  },
});

/** Four browsers sign in first. */
test.describe.configure({ timeout: 180_000 });

let second: TurnServerProcess | undefined;

test.afterEach(async () => {
  await second?.stop();
  second = undefined;
});

/** Where a client without a call is sent, and whether it is served there. */
async function followAlternate(lab: Lab, login: PasswordLogin): Promise<readonly unknown[]> {
  const client = await openClient(lab);
  try {
    await client.challenge(login);
    const answer = await client.request(method.Allocate, { attributes: [requestedUdp] });
    const { address, port } = decodeAddress('ALTERNATE-SERVER', requiredValue(answer, 'ALTERNATE-SERVER'));
    const other = await TurnClient.open('UDP', { host: address, port });
    const relayed = await other.allocate(login);
    other.close();
    return [outcomeOf(answer), address, relayed.address];
  } finally {
    client.close();
  }
}

test('[RFC 8489 10] [X.5.2.2-8] [X.5.2.2-6] a call over a TURN server that is drained goes on; a new one is relayed by another server with the same Km, to which who asks the first is sent with 300', async ({
  lab,
  openPage,
  openWic,
  subscriber,
}) => {
  second = await TurnServerProcess.start(lab);
  const operator = new TurnOperator(lab.ports);
  const turnUris = [`turn:127.0.0.1:${lab.ports.turn}?transport=udp`];
  const openAtFirst = async (name: string): Promise<WicPage> =>
    openWicWith({ lab, page: await openPage(), account: await subscriber(name) }, { turnUris });
  const open = async (name: string): Promise<WicPage> => openWic(await subscriber(name));
  const [alice, bob] = await Promise.all([openAtFirst('alice'), openAtFirst('bob')]);
  const [carol, dave] = await Promise.all([open('carol'), open('dave')]);
  await callOverRelay(alice, bob);
  const ofAlice = await credentialOf(alice);
  const before = await operator.relayedOf(tidOf(ofAlice));
  expect(before).toContain(await relayInUse(alice));

  expect(await operator.drain()).toBe(204);
  expect(await followAlternate(lab, ofAlice)).toEqual(['error 300', secondHost, secondHost]);
  await callOverRelay(carol, dave);
  for (const wic of [carol, dave]) {
    expect(await relayInUse(wic)).toContain(`${secondHost}:`);
    expect(await operator.relayedOf(tidOf(await credentialOf(wic)))).toEqual([]);
  }
  await Promise.all([alice, bob, carol, dave].map(expectMedia));
  expect(await operator.relayedOf(tidOf(ofAlice))).toEqual(before);

  expect(await operator.endDrain()).toBe(204);
  expect(await tryLogin(lab, ofAlice)).toBe('success');
});
