/**
 * Calls that are relayed, as browsers and the TURN server see them.
 *
 * @module
 */
import type { PasswordLogin } from '@wicgate/turn-client';
import { expect } from '../fixtures.ts';
import { selectedPair } from '../media/instruments.ts';
import type { WicPage } from '../pages/wic-page.ts';

/** Resolves when both are in the call, with media over relays. */
export async function callOverRelay(from: WicPage, to: WicPage): Promise<void> {
  await from.dial(to.account.username);
  await to.answer();
  for (const { call, page } of [from, to]) {
    await expect(call).toHaveText(/^In call/u);
    await expect.poll(() => selectedPair(page)).toMatchObject({ local: 'relay', remote: 'relay' });
  }
}

/** The credential of X.5.2 that the page's last call was made with. */
export function credentialOf({ page }: WicPage): Promise<PasswordLogin> {
  return page.evaluate(() => {
    const servers = window.testPeerConnections.at(-1)?.getConfiguration().iceServers ?? [];
    const { username = '', credential = '' } = servers.find((server) => server.username !== undefined) ?? {};
    return { username, password: credential };
  });
}

/** Fails unless more media arrive in the page from now on. */
export async function expectMedia(wic: WicPage): Promise<void> {
  const before = await receivedOctets(wic);
  await expect.poll(() => receivedOctets(wic)).toBeGreaterThan(before + 1_000);
}

function receivedOctets({ page }: WicPage): Promise<number> {
  return page.evaluate(async () => {
    const stats = await window.testPeerConnections.at(-1)?.getStats();
    const all = [...((stats ?? new Map()) as Map<string, Record<string, unknown>>).values()];
    const received = all.filter(({ type }) => type === 'inbound-rtp').map(({ bytesReceived }) => Number(bytesReceived));
    return received.reduce((sum, octets) => sum + octets, 0);
  });
}

/** Where the page's own relayed candidate is that media take; undefined while there is none. */
export function relayInUse({ page }: WicPage): Promise<string | undefined> {
  return page.evaluate(async () => {
    const stats = await window.testPeerConnections.at(-1)?.getStats();
    const all = [...((stats ?? new Map()) as Map<string, Record<string, unknown>>).values()];
    const transport = all.find(({ type }) => type === 'transport');
    const pair = all.find(({ id }) => id === transport?.selectedCandidatePairId);
    const local = all.find(({ id }) => id === pair?.localCandidateId);
    return local?.candidateType === 'relay' ? `${local.address}:${local.port}` : undefined;
  });
}
