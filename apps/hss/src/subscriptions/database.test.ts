import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/test-hss.ts';
import { versions } from './database.ts';
import { newSubscription } from './subscription.ts';
import { SubscriptionStore } from './subscription-store.ts';

const alice = newSubscription('alice@ims.example', {
  barred: false,
  impus: [
    { impu: 'sip:alice@ims.example', barred: false, implicitRegistrationSet: 0 },
    { impu: 'tel:+491701234567', barred: true, implicitRegistrationSet: 3 },
  ],
  roamingNetworks: ['visited.example'],
  unregisteredServices: true,
  serverCapabilities: { mandatory: [1, 2], optional: [3], serverNames: ['sip:scscf.ims.example'] },
  allowedWafWwsfIdentities: { wafNames: ['waf.partner.example'], wwsfNames: [] },
  digestCredential: { md5: 'd'.repeat(32), sha256: 'e'.repeat(64) },
  akaCredential: { k: '1'.repeat(32), opc: '2'.repeat(32), amf: '8000', sqn: 2 ** 48 - 1 },
});

const mode = (file: string): number => statSync(file).mode & 0o777;

describe('Database', () => {
  it('[TS 29.228 6.1.2.1] gives back after a restart what was stored, whole', async () => {
    const file = join(temporaryFolder(), 'deep', 'hss.db');
    const written = { ...alice, sCscfName: 'sip:scscf.ims.example', reassignmentPending: true };
    const first = new SubscriptionStore(file);
    await first.transaction((records) => records.put(written));
    await first.close();
    const second = new SubscriptionStore(file);
    await expect(second.transaction((records) => records.find(alice.impi))).resolves.toEqual(written);
    await second.close();
  });

  it('[TS 33.203 5.1] is readable by its owner only, journals included, even where the file lay open', async () => {
    const file = join(temporaryFolder(), 'hss.db');
    writeFileSync(file, '');
    chmodSync(file, 0o666);
    const store = new SubscriptionStore(file);
    await store.transaction((records) => records.put(alice));
    expect([file, `${file}-wal`, `${file}-shm`].map(mode)).toEqual([0o600, 0o600, 0o600]);
    await store.close();
  });

  it('[TS 29.228 6.1.2.1] undoes a transaction that fails', async () => {
    const store = new SubscriptionStore(join(temporaryFolder(), 'hss.db'));
    const failing = store.transaction(async (records) => {
      await records.put(alice);
      throw new RangeError('no further');
    });
    await expect(failing).rejects.toThrow('no further');
    await expect(store.transaction((records) => records.find(alice.impi))).resolves.toBeUndefined();
    await expect(store.transaction((records) => records.findOwner('tel:+491701234567'))).resolves.toBeUndefined();
    await store.close();
  });

  it('[TS 23.003 13.4] gives a public identity to one subscription only', async () => {
    const store = new SubscriptionStore(join(temporaryFolder(), 'hss.db'));
    await store.transaction((records) => records.put(alice));
    const thief = { ...alice, impi: 'mallory@ims.example' };
    await expect(store.transaction((records) => records.put(thief))).rejects.toThrow();
    await expect(store.transaction((records) => records.findOwner('sip:alice@ims.example'))).resolves.toBe(alice.impi);
    await expect(store.transaction((records) => records.find(thief.impi))).resolves.toBeUndefined();
    await store.close();
  });

  it('[TS 29.228 6.1.2.1] goes on with a file of the version before', async () => {
    const file = join(temporaryFolder(), 'hss.db');
    const old = new DatabaseSync(file);
    old.exec(versions[0] ?? '');
    old.exec('pragma user_version = 1');
    const data = JSON.stringify({
      roamingNetworks: ['visited.example'],
      unregisteredServices: true,
      serverCapabilities: alice.serverCapabilities,
      allowedWafWwsfIdentities: alice.allowedWafWwsfIdentities,
      digestCredential: alice.digestCredential,
    });
    old.prepare('insert into subscription values (?, null, 0, ?)').run(alice.impi, data);
    const identity = old.prepare("insert into identity values (?, ?, ?, ?, ?, 'not-registered', 0)");
    identity.run('sip:alice@ims.example', alice.impi, 0, 0, 0);
    identity.run('tel:+491701234567', alice.impi, 1, 3, 1);
    old.close();
    const store = new SubscriptionStore(file);
    const found = await store.transaction((records) => records.find(alice.impi));
    expect(found).toEqual({ ...alice, akaCredential: undefined });
    await expect(store.transaction(({ ranges }) => ranges.list())).resolves.toEqual([]);
    await store.close();
    await new SubscriptionStore(file).close();
  });

  it.each([
    ['no database', (file: string) => writeFileSync(file, 'something else entirely, but long enough to be read')],
    ['of a later version', (file: string) => new DatabaseSync(file).exec('pragma user_version = 99')],
  ])('[TS 29.228 6.1.2.1] refuses a file that is %s', (_what, prepare) => {
    const file = join(temporaryFolder(), 'hss.db');
    prepare(file);
    expect(() => new SubscriptionStore(file)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringMatching(/^HSS_DATABASE_FILE: /) }),
    );
  });
});
