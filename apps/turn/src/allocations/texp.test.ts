import { method } from '@wicgate/stun';
import { type Login, lifetimeOf, outcomeOf, requiredValue, type TurnClient } from '@wicgate/turn-client';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';
import { type TestServer, testCredential } from '../testing/test-server.ts';
import { TestFiles, testAccess } from '../testing/turn-access-keys.ts';

const bench = new Bench();
const files = new TestFiles();
const settings = { TURN_OAUTH_KEYS_FILE: files.keys() };
afterEach(() => bench.close());
afterAll(() => files.remove());

const lifetimeSeconds = 1_000;
/** Where in a second the clock stands when the credential is made. */
const offsetMs = 700;

/** A credential of each solution that is good for 1000 s at least, and less than a second more. */
const solutions: readonly { readonly clause: string; readonly login: (server: TestServer) => Login }[] = [
  { clause: 'X.5.2.2-7', login: ({ clock }) => testCredential(clock, lifetimeSeconds) },
  { clause: 'X.5.3.1', login: ({ clock }) => testAccess({ issuedAtMs: clock.now(), lifetimeSeconds }) },
];

async function allocationCount(server: TestServer): Promise<number> {
  const text = await server.operations.metrics.getSingleMetricAsString('turn_allocations');
  return Number(/^turn_allocations (\d+)$/mu.exec(text)?.[1]);
}

async function refresh(client: TurnClient, seconds: number): Promise<number> {
  const answer = await client.refresh(seconds);
  expect(outcomeOf(answer)).toBe('success');
  return requiredValue(answer, 'LIFETIME').readUInt32BE(0);
}

describe.each(solutions)('[$clause] [TURN server 3] An allocation', ({ login }) => {
  it('[RFC 8656 7.2] ends with its credential, to the millisecond, though it asked for more', async () => {
    const server = await bench.server(settings);
    server.clock.advance(offsetMs);
    const startMs = server.clock.now();
    const client = await bench.client('UDP', server);
    await client.allocate(login(server), [lifetimeOf(3_600)]);
    server.clock.advance(1_000 * (lifetimeSeconds - 1));
    expect(await allocationCount(server)).toBe(1);
    server.clock.advance(startMs + 1_000 * lifetimeSeconds - server.clock.now());
    expect(await allocationCount(server)).toBe(0);
  });

  it('[RFC 8656 8.2] lives no longer by Refreshes, and each says how long it still has', async () => {
    const server = await bench.server(settings);
    server.clock.advance(offsetMs);
    const client = await bench.client('UDP', server);
    await client.allocate(login(server));
    for (const passedSeconds of [300, 500, 100]) {
      server.clock.advance(1_000 * passedSeconds);
      await refresh(client, 3_600);
    }
    const left = await refresh(client, 3_600);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(100);
    server.clock.advance(100_000);
    expect(await allocationCount(server)).toBe(0);
    expect(outcomeOf(await client.request(method.Refresh))).toMatch(/^error 4(?:01|37)$/u);
  });
});
