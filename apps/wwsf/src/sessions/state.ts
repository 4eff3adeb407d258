/**
 * What the WWSF keeps in its state folder: web sessions and the tokens of their pages, unfinished sign-ins, leases of the
 * pool, failed sign-ins, and the key that seals them.
 *
 * @module
 */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openDatabase } from './database.ts';
import { HandedTokens } from './handed-tokens.ts';
import { PendingSignIns, type SignInLimits } from './pending-sign-ins.ts';
import { openSealer, type Sealer } from './sealer.ts';
import { type SessionLimits, SessionStore } from './session-store.ts';

export interface State {
  readonly sessions: SessionStore;
  readonly pending: PendingSignIns;
  readonly handedTokens: HandedTokens;
  readonly database: Database;
  readonly sealer: Sealer;
  readonly close: () => Promise<void>;
}

const cleanupMs = 60_000;

/** @throws {ConfigInvalid} the key in the folder is none, or others may read it. */
export async function openState(
  folder: string,
  limits: { readonly sessions: SessionLimits; readonly signIns: SignInLimits },
  onCleanupFailure: (error: unknown) => void,
): Promise<State> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const sealer = openSealer(join(folder, 'sealing.key'));
  const database = await openDatabase(join(folder, 'wwsf.sqlite'));
  const sessions = new SessionStore(database, sealer, limits.sessions);
  const pending = new PendingSignIns(database, sealer, limits.signIns);
  const handedTokens = new HandedTokens(database, sealer);
  const cleanUp = async (): Promise<void> => {
    await sessions.deleteExpired();
    await pending.deleteExpired();
    await handedTokens.deleteExpired();
    await database.deleteFrom('login_failure').where('expires_at', '<=', Date.now()).execute();
  };
  await cleanUp();
  const timer = setInterval(() => void cleanUp().catch(onCleanupFailure), cleanupMs).unref();
  const close = async (): Promise<void> => {
    clearInterval(timer);
    await database.destroy();
  };
  return { sessions, pending, handedTokens, database, sealer, close };
}
