/**
 * Registrations and calls from networks that let next to nothing out (TS 33.203 W.3).
 *
 * @module
 */
import { listen, selectedPair } from '../media/instruments.ts';
import type { WicPage } from '../pages/wic-page.ts';
import type { ConnectProxy } from './connect-proxy.ts';
import { expect, test } from './firewall-fixtures.ts';
import { keepAliveSeconds } from './function-settings.ts';
import type { NetworkNamespace } from './network-namespace.ts';
import { probeUdp } from './probe-udp.ts';
import { keepSilentUntilCut } from './silent-tunnel.ts';

/** Content type of a TLS record with a handshake message (RFC 8446 5.1). */
const tlsHandshake = 22;
const [aliceHz, bobHz] = [600, 1_200];

const toPort =
  (...ports: readonly number[]) =>
  (target: string): boolean =>
    ports.some((port) => target.endsWith(`:${port}`));

/** Alice calls Bob, or he her; both hear each other. */
async function expectCall(caller: WicPage, callee: WicPage, [callerHz, calleeHz]: readonly number[]): Promise<void> {
  await caller.dial(callee.account.username);
  await callee.answer();
  await expect(caller.call).toHaveText(/^In call/u);
  await expect.poll(async () => (await listen(callee.page)).hz).toBeCloseTo(callerHz ?? 0, -1);
  await expect.poll(async () => (await listen(caller.page)).hz).toBeCloseTo(calleeHz ?? 0, -1);
}

/** The ports that tunnels were made to. */
function portsOf({ table }: ConnectProxy): ReadonlySet<number> {
  return new Set(Object.keys(table).map((target) => Number(target.split(':')[1])));
}

function crlfPings(wic: WicPage): Promise<number> {
  return wic.page.evaluate(() => window.testSent.filter(({ text }) => text === '').length);
}

test.describe('behind an HTTP proxy, with no other way out', () => {
  const idleMs = 2.5 * keepAliveSeconds * 1_000;

  test('[W.3.1.2] [W.3.3] [W.3.4] [RFC 5626 4.4.1] [RFC 6223 4.3] keep-alives by CRLF keep the way to the eP-CSCF open', async ({
    network,
    functions,
    openProxy,
    openInside,
    subscriber,
  }) => {
    const proxy = await openProxy(network, { allows: toPort(443), idleMs });
    const alice = await openInside({ network, proxy, account: await subscriber('alice') });
    await alice.goOnline();
    const ways = proxy.tunnels.filter(({ target }) => target === `${functions.epCscf}:443`);
    expect(ways).toEqual([expect.objectContaining({ isOpen: true, firstOctet: tlsHandshake })]);
    // A tunnel that is younger, and dies of its silence.
    await keepSilentUntilCut(proxy, `${functions.epCscf}:443`);
    expect(ways).toEqual([expect.objectContaining({ isOpen: true })]);
    expect(await crlfPings(alice)).toBeGreaterThanOrEqual(2);
    await expect(alice.registration).toHaveText(/^Registered/u);
  });

  test('[W.3.1.2] [W.3.1.3] [W.3.3] [W.3.5] [TURN server 5] a call between two such networks goes over TLS on port 443, where CONNECT to nothing else is allowed', async ({
    network,
    functions,
    createNetwork,
    openProxy,
    openInside,
    subscriber,
  }) => {
    const open = async (network: NetworkNamespace, name: string, toneHz: number) => {
      const proxy = await openProxy(network, { allows: toPort(443), idleMs });
      const wic = await openInside({ network, proxy, account: await subscriber(name), toneHz });
      await wic.goOnline();
      return { network, proxy, wic };
    };
    const alice = await open(network, 'alice', aliceHz);
    const bob = await open(createNetwork(), 'bob', bobHz);
    await expectCall(alice.wic, bob.wic, [aliceHz, bobHz]);
    for (const { network, proxy, wic } of [alice, bob]) {
      expect(await selectedPair(wic.page)).toMatchObject({ local: 'relay', remote: 'relay', relayProtocol: 'tls' });
      await expect(wic.button('Media path: Relayed over TLS')).toBeVisible();
      expect(portsOf(proxy)).toEqual(new Set([443]));
      expect(proxy.table).toMatchObject({ [`${functions.turn}:443`]: expect.any(Number) });
      expect(proxy.tunnels.filter(({ firstOctet }) => firstOctet !== tlsHandshake)).toEqual([]);
      // TURN over TCP was tried by CONNECT too; datagrams went nowhere.
      expect(proxy.refused).toContain(`${functions.turn}:80`);
      expect(network.dropped.udp).toBeGreaterThan(0);
    }
    await bob.wic.hangUp();
    await expect(alice.wic.call).toHaveText(/^Ended/u);
  });

  test('[W.3.1.3] [W.3.5] TURN over TCP port 80 is preferred to TLS where the proxy lets both through', async ({
    network,
    functions,
    openProxy,
    openInside,
    openOutside,
    subscriber,
  }) => {
    const proxy = await openProxy(network, { allows: toPort(80, 443), idleMs });
    const alice = await openInside({ network, proxy, account: await subscriber('alice'), toneHz: aliceHz });
    const bob = await openOutside({ account: await subscriber('bob'), toneHz: bobHz });
    await Promise.all([alice.goOnline(), bob.goOnline()]);
    await expectCall(bob, alice, [bobHz, aliceHz]);
    // Chromium moves on to the better pair where the other one was there first.
    await expect.poll(() => selectedPair(alice.page)).toMatchObject({ local: 'relay', relayProtocol: 'tcp' });
    await expect(alice.button('Media path: Relayed over TCP')).toBeVisible();
    const turn = proxy.tunnels.filter(({ target }) => target.startsWith(`${functions.turn}:`));
    expect(turn.some(({ target, isOpen }) => isOpen && target.endsWith(':80'))).toBe(true);
    expect(turn.some(({ target }) => target.endsWith(':443'))).toBe(true);
    expect(portsOf(proxy)).toEqual(new Set([80, 443]));
  });
});

test('[W.3.1.3] [W.3.5] without a proxy, where only TCP port 443 is let out, media are relayed over TLS; where UDP is, over UDP', async ({
  network,
  lab,
  functions,
  openInside,
  openOutside,
  subscriber,
}) => {
  const { wwsf, waf, epCscf, turn } = functions;
  const on443 = [wwsf, waf, epCscf, turn].map((address) => ({ address, port: 443 }));
  network.letOut(on443);
  const alice = await openInside({ network, account: await subscriber('alice'), toneHz: aliceHz });
  const bob = await openOutside({ account: await subscriber('bob'), toneHz: bobHz });
  await Promise.all([alice.goOnline(), bob.goOnline()]);
  await expectCall(alice, bob, [aliceHz, bobHz]);
  expect(await selectedPair(alice.page)).toMatchObject({ local: 'relay', relayProtocol: 'tls' });
  expect(network.dropped.udp).toBeGreaterThan(0);
  await alice.hangUp();
  await expect(bob.call).toHaveText(/^Ended/u);

  // The same datagrams, let out.
  network.letOut([...on443, { address: turn, port: lab.ports.turn, udp: true }]);
  await expectCall(alice, bob, [aliceHz, bobHz]);
  await expect.poll(() => selectedPair(alice.page)).toMatchObject({ local: 'relay', relayProtocol: 'udp' });
});

test('[W.3.1.1] a network that lets the web site through and not the rest is named as what is in the way', async ({
  network,
  functions,
  openProxy,
  openInside,
  openOutside,
  subscriber,
}) => {
  const allowed = new Set([`${functions.wwsf}:443`, `${functions.waf}:443`]);
  const proxy = await openProxy(network, { allows: (target) => allowed.has(target) });
  const alice = await openInside({ network, proxy, account: await subscriber('alice') });
  const bob = await openOutside({ account: await subscriber('bob') });
  await Promise.all([alice.signIn(), bob.goOnline()]);
  await expect(alice.registration).toHaveText('Registering: no connection');
  await expect(alice.page.getByRole('region', { name: 'Connection' })).toHaveText(
    /a firewall or proxy of your network may be in the way: try another network\.Try now$/u,
  );
  expect(proxy.refused).toContain(`${functions.epCscf}:443`);

  // All but the TURN server.
  allowed.add(`${functions.epCscf}:443`);
  await alice.button('Try now').click();
  await expect(alice.registration).toHaveText(/^Registered/u);
  await alice.setRelayOnly(true);
  await alice.dial(bob.account.username);
  await expect(alice.call).toHaveText(
    /^Failed: The relay cannot be reached\. Check that you are online, or try another network: a firewall may be in the way\./u,
  );
  await expect(bob.call).not.toHaveText(/^Ringing/u);
  expect(proxy.refused).toContain(`${functions.turn}:443`);
});

test('[W.3.1.1] what the firewall drops is silence, and nothing is wrong with it outside', async ({
  network,
  lab,
  functions,
}) => {
  const address = functions.turn;
  const port = lab.ports.turn;
  network.letOut([]);
  expect(await probeUdp([], { address, port })).toBe('answered');
  expect(await probeUdp(network.prefix, { address, port })).toBe('silence');
  expect(network.dropped.udp).toBeGreaterThan(0);
  network.letOut([{ address, port, udp: true }]);
  expect(await probeUdp(network.prefix, { address, port })).toBe('answered');
});
