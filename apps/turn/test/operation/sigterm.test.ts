import { randomBytes } from 'node:crypto';
import { openPeer, outcomeOf, TurnClient } from '@wicgate/turn-client';
import { createTurnCredential } from '@wicgate/turn-credentials';
import { afterEach, describe, expect, it } from 'vitest';
import { ServerProcess } from '../fuzz/server-process.ts';

const secret = 'a secret of at least thirty-two characters';
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serving(settings: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const server = await ServerProcess.start({ secret, settings });
  closing.push(() => server.kill());
  return server;
}

async function allocated(server: ServerProcess): Promise<TurnClient> {
  const client = await TurnClient.open('UDP', server.address);
  closing.push(() => client.close());
  const expiresAtSeconds = Math.floor(Date.now() / 1_000) + 600;
  const key = Buffer.from(secret);
  await client.allocate(createTurnCredential({ key, expiresAtSeconds, random: (length) => randomBytes(length) }));
  return client;
}

describe('SIGTERM', () => {
  it('ends the process within 5 s where no drain is configured, whoever is there', async () => {
    const server = await serving({});
    await allocated(server);
    const started = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('[RFC 8489 10] lets a call end first where a drain is configured; not ready meanwhile', async () => {
    const server = await serving({ TURN_DRAIN_SECONDS: '60' });
    const client = await allocated(server);
    const peer = await openPeer();
    closing.push(() => peer.close());
    await client.bind(0x4000, peer.endpoint);
    expect(await server.isReady()).toBe(true);
    server.signal();
    await expect.poll(() => server.isReady(), { interval: 5, timeout: 5_000 }).toBe(false);
    client.sendOnChannel(0x4000, 'still there');
    expect(await peer.inbox.take()).toMatchObject({ data: 'still there' });
    expect([outcomeOf(await client.refresh(600)), server.isRunning]).toEqual(['success', true]);
    const ended = server.ended();
    await client.refresh(0);
    expect(await ended).toBe(0);
  });
});
