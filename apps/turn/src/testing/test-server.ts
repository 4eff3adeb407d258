/**
 * A TURN server on free ports for one test, and credentials for it.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { createProcessContext, Operations } from '@wicgate/node-kit';
import { createTurnCredential, type TurnCredential } from '@wicgate/turn-credentials';
import { readConfig } from '../config.ts';
import { type RunningTurnServer, start } from '../server.ts';
import { VirtualClock } from './virtual-clock.ts';

export const testSecret = 'a secret of at least thirty-two characters';
export const testRealm = 'ims.example';

export interface TestServer extends RunningTurnServer {
  readonly clock: VirtualClock;
  readonly operations: Operations;
  /** Lines that were logged. */
  readonly log: readonly string[];
}

/** Loopback peers are allowed unless `settings` say otherwise. */
export async function startTestServer(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const clock = new VirtualClock();
  const operations = new Operations();
  const log: string[] = [];
  const config = readConfig({
    TURN_PORT: '0',
    TURN_REALM: testRealm,
    TURN_SECRET: testSecret,
    TURN_ALLOW_LOOPBACK_PEERS: 'true',
    ...settings,
  });
  const context = createProcessContext('turn', { operations, level: 'debug', write: (line) => log.push(line) });
  const running = await start(config, context, clock);
  return { ...running, clock, operations, log };
}

/** A credential that lives for an hour of the virtual clock, unless told otherwise. */
export function testCredential(clock: VirtualClock, lifetimeSeconds = 3_600): TurnCredential {
  const expiresAtSeconds = Math.floor(clock.now() / 1_000) + lifetimeSeconds;
  return createTurnCredential({
    key: Buffer.from(testSecret),
    expiresAtSeconds,
    random: (length) => randomBytes(length),
  });
}
