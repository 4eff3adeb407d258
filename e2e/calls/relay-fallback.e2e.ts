/**
 * Relayed calls where a firewall drops UDP, or everything to the plain ports of the TURN server.
 *
 * @module
 */
import { expect, test } from '../fixtures.ts';
import { listen, selectedPair } from '../media/instruments.ts';
import { openWicWith } from './client-configuration.ts';
import { inviteAfterMs } from './invite-after-ms.ts';
import { openSilentTcp, openSilentUdp, openTlsFront } from './turn-fronts.ts';

test.use({ labSettings: { WWSF_ICE_TRANSPORT_POLICY: 'relay' } });

/** From the answer on. */
const patienceMs = 5_000;

test('[W.3.5] [RFC 8656 3.1] a call falls from UDP to TCP, and from TCP to TLS, without being late', async ({
  lab,
  openPage,
  openWic,
  subscriber,
}) => {
  const [udp, tcp, tls] = await Promise.all([openSilentUdp(), openSilentTcp(), openTlsFront(lab.ports.turn)]);
  const silentUdp = `turn:127.0.0.1:${udp.port}?transport=udp`;
  const silentTcp = `turn:127.0.0.1:${tcp.port}?transport=tcp`;
  const plainTcp = `turn:127.0.0.1:${lab.ports.turn}?transport=tcp`;
  const overTls = `turns:localhost:${tls.port}?transport=tcp`;
  const bob = await openWic(await subscriber('bob'), { toneHz: 1_200 });

  for (const { turnUris, relayProtocol, shown } of [
    { turnUris: [silentUdp, plainTcp, overTls], relayProtocol: 'tcp', shown: 'Relayed over TCP' },
    { turnUris: [silentUdp, silentTcp, overTls], relayProtocol: 'tls', shown: 'Relayed over TLS' },
  ]) {
    const page = await openPage({ toneHz: 600 });
    const alice = await openWicWith({ lab, page, account: await subscriber('alice') }, { turnUris });
    // What is there by then has to do.
    expect(await inviteAfterMs(alice, bob.account.username)).toBeLessThanOrEqual(300);
    await bob.answer();
    const answeredAt = Date.now();
    await expect(alice.call).toHaveText(/^In call/u);
    expect(Date.now() - answeredAt).toBeLessThanOrEqual(patienceMs);
    // A worse pair may be there first.
    await expect.poll(() => selectedPair(alice.page)).toMatchObject({ local: 'relay', remote: 'relay', relayProtocol });
    await expect(alice.button(`Media path: ${shown}`)).toBeVisible();
    await expect(bob.button('Media path: Relayed over UDP')).toBeVisible();
    await expect.poll(async () => (await listen(bob.page)).hz).toBeCloseTo(600, -1);
    await expect.poll(async () => (await listen(alice.page)).hz).toBeCloseTo(1_200, -1);
    await alice.hangUp();
    await expect(bob.call).toHaveText(/^Ended/u);
    await page.close();
  }
  // Both were tried, and lost everything.
  expect(udp.octets()).toBeGreaterThan(0);
  expect(tcp.octets()).toBeGreaterThan(0);
  await Promise.all([udp, tcp, tls].map((front) => front.stop()));
});
