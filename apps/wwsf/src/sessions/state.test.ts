import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Grant } from '../waf/grant.ts';
import { type Database, openDatabase } from './database.ts';
import { createOpaque, hashOpaque } from './opaque.ts';
import { PendingSignIns, type SignIn } from './pending-sign-ins.ts';
import { openSealer, Sealer } from './sealer.ts';
import { SessionStore } from './session-store.ts';
import { openState } from './state.ts';

const grantOf = (subject: string): Grant => ({
  flow: 'authorization code',
  identities: { subject, displayName: subject, impi: `${subject}@ims.example`, impus: [`sip:${subject}@ims.example`] },
  tokens: { accessToken: 'a', accessTokenExpiresAt: 1, refreshToken: 'r', idToken: 'i' },
});

describe('the state of the WWSF', () => {
  let folder: string;
  let database: Database;
  let sealer: Sealer;
  let now: number;

  beforeEach(async () => {
    now = 1_000_000;
    folder = mkdtempSync(join(tmpdir(), 'wwsf-test-'));
    database = await openDatabase(join(folder, 'wwsf.sqlite'));
    sealer = openSealer(join(folder, 'sealing.key'));
  });

  afterEach(async () => {
    await database.destroy();
    rmSync(folder, { recursive: true });
  });

  const countSessions = async (): Promise<number> =>
    (await database.selectFrom('web_session').select('key').execute()).length;

  describe('SessionStore', () => {
    const limits = { lifetimeMs: 10_000, idleMs: 4_000, perUser: 2 };
    let store: SessionStore;

    beforeEach(() => {
      store = new SessionStore(database, sealer, limits, () => now);
    });

    it('[X.3.2.3-2] gives back what it took', async () => {
      const id = await store.create(grantOf('alice'));
      expect(await store.findById(id)).toEqual({
        ...grantOf('alice'),
        key: hashOpaque(id),
        kind: 'user',
        isLeased: false,
        csrfToken: expect.stringMatching(/^[\w-]{43}$/),
      });
    });

    it('[RFC 6749 10.12] ends a session that is not used', async () => {
      const id = await store.create(grantOf('alice'));
      now += 4_000;
      expect(await store.findById(id)).toBeUndefined();
      await store.deleteExpired();
      expect(await countSessions()).toBe(0);
    });

    it('[RFC 6749 10.12] keeps a session that is used, and ends it when its lifetime is over', async () => {
      const id = await store.create(grantOf('alice'));
      for (let round = 0; round < 3; round += 1) {
        now += 3_000;
        expect(await store.findById(id)).toBeDefined();
      }
      now += 1_000;
      expect(await store.findById(id)).toBeUndefined();
    });

    it('[RFC 6749 10.12] ends the oldest session of a user who has too many, and nobody else’s', async () => {
      const other = await store.create(grantOf('bob'));
      const ids: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        now += 1;
        ids.push(await store.create(grantOf('alice')));
      }
      const found = await Promise.all([...ids, other].map((id) => store.findById(id)));
      expect(found.map((session) => session !== undefined)).toEqual([false, true, true, true]);
    });

    it('[RFC 6749 10.12] cannot store into a session that ended', async () => {
      const id = await store.create(grantOf('alice'));
      const session = await store.find(hashOpaque(id));
      if (session === undefined) throw new Error('expected a session');
      expect(await store.replace(session)).toBe(true);
      await store.end(session.key);
      expect(await store.replace(session)).toBe(false);
      expect(await store.find(session.key)).toBeUndefined();
    });

    it('[RFC 6750 5.3] ends a session whose contents were moved to another row, or sealed under a lost key', async () => {
      const [alice, bob] = [await store.create(grantOf('alice')), await store.create(grantOf('bob'))];
      const { sealed } = await database
        .selectFrom('web_session')
        .select('sealed')
        .where('key', '=', hashOpaque(bob))
        .executeTakeFirstOrThrow();
      await database.updateTable('web_session').set({ sealed }).where('key', '=', hashOpaque(alice)).execute();
      expect(await store.findById(alice)).toBeUndefined();
      expect(await countSessions()).toBe(1);
      const stranger = new SessionStore(database, new Sealer(new Uint8Array(32)), limits, () => now);
      expect(await stranger.findById(bob)).toBeUndefined();
      expect(await countSessions()).toBe(0);
    });
  });

  describe('PendingSignIns', () => {
    const limits = { lifetimeMs: 10_000, perBrowser: 2, total: 5 };
    const browser = createOpaque();
    let pending: PendingSignIns;

    beforeEach(() => {
      pending = new PendingSignIns(database, sealer, limits, () => now);
    });

    async function add(browserId: string): Promise<SignIn> {
      now += 1;
      const signIn = { state: createOpaque(), nonce: createOpaque(), codeVerifier: createOpaque() };
      await pending.add(signIn, browserId);
      return signIn;
    }

    it('[RFC 6749 10.12] can be taken once, by the browser that started it', async () => {
      const signIn = await add(browser);
      expect(await pending.take(signIn.state, createOpaque())).toBeUndefined();
      expect(await pending.take(signIn.state, undefined)).toBeUndefined();
      expect(await pending.take(signIn.state, browser)).toEqual(signIn);
      expect(await pending.take(signIn.state, browser)).toBeUndefined();
    });

    it('[RFC 6749 10.12] expires', async () => {
      const { state } = await add(browser);
      now += 10_000;
      expect(await pending.take(state, browser)).toBeUndefined();
      await pending.deleteExpired();
      expect(await database.selectFrom('pending_sign_in').selectAll().execute()).toEqual([]);
    });

    it('[RFC 6749 10.12] is bounded for a browser', async () => {
      const [first, second, third] = [await add(browser), await add(browser), await add(browser)];
      expect(await pending.take(first.state, browser)).toBeUndefined();
      expect(await pending.take(second.state, browser)).toEqual(second);
      expect(await pending.take(third.state, browser)).toEqual(third);
    });

    it('[RFC 6749 10.12] is bounded in total, and gives way to no other browser', async () => {
      const first = await add(browser);
      for (let count = 0; count < 4; count += 1) await add(createOpaque());
      for (let count = 0; count < 3; count += 1) {
        await expect(add(createOpaque())).rejects.toMatchObject({ code: 'ERR_WWSF_SIGN_INS_FULL' });
      }
      expect(await database.selectFrom('pending_sign_in').select('key').execute()).toHaveLength(5);
      expect(await pending.take(first.state, browser)).toEqual(first);
      await add(createOpaque());
      await expect(add(createOpaque())).rejects.toMatchObject({ code: 'ERR_WWSF_SIGN_INS_FULL' });
      now += 10_000;
      await add(createOpaque());
    });

    it('[RFC 6749 10.12] gives way to a newer one of its own browser when all places are taken', async () => {
      const first = await add(browser);
      for (let count = 0; count < 4; count += 1) await add(createOpaque());
      const second = await add(browser);
      expect(await pending.take(first.state, browser)).toBeUndefined();
      expect(await pending.take(second.state, browser)).toEqual(second);
      expect(await database.selectFrom('pending_sign_in').select('key').execute()).toHaveLength(4);
    });
  });

  describe('Sealer', () => {
    it('[RFC 6750 5.3] opens what it sealed, under the same label, and nothing else', () => {
      const sealed = sealer.seal('a secret', 'one');
      expect(sealer.open(sealed, 'one')).toBe('a secret');
      expect(sealer.open(sealed, 'other')).toBeUndefined();
      for (let at = 0; at < sealed.length; at += 1) {
        const altered = Uint8Array.from(sealed, (octet, index) => (index === at ? octet ^ 1 : octet));
        expect(sealer.open(altered, 'one')).toBeUndefined();
        expect(sealer.open(sealed.subarray(0, at), 'one')).toBeUndefined();
      }
      expect(sealer.seal('a secret', 'one')).not.toEqual(sealed);
    });

    it('[RFC 6750 5.3] keeps its key, and refuses one that others may read or that is none', () => {
      const path = join(folder, 'sealing.key');
      const sealed = sealer.seal('a secret', 'one');
      expect(openSealer(path).open(sealed, 'one')).toBe('a secret');
      chmodSync(path, 0o640);
      expect(() => openSealer(path)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
      chmodSync(path, 0o600);
      writeFileSync(path, 'short');
      expect(() => openSealer(path)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
    });
  });

  it('[state] opens in a folder that does not exist yet', async () => {
    const limits = {
      sessions: { lifetimeMs: 1, idleMs: 1, perUser: 1 },
      signIns: { lifetimeMs: 1, perBrowser: 1, total: 1 },
    };
    const state = await openState(join(folder, 'a', 'b'), limits, () => undefined);
    expect(await state.sessions.findById(createOpaque())).toBeUndefined();
    await state.close();
  });
});
