import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createArtefactAdapter } from './artefact-adapter.ts';
import { type Database, openDatabase } from './database.ts';
import { sweep } from './expiry-sweep.ts';

let folder: string;
let database: Database;
let reused: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waf-artefacts-'));
  database = openDatabase(join(folder, 'waf.sqlite'));
  reused = [];
});

afterEach(async () => {
  await database.destroy();
  rmSync(folder, { recursive: true });
});

const adapter = (model: string) => createArtefactAdapter(database, (name) => reused.push(name))(model);
const count = async (): Promise<number> => (await database.selectFrom('artefact').selectAll().execute()).length;

describe('Artefact adapter', () => {
  it('[RFC 6750 5.3] finds what it stored by its identifier, and stores the identifier hashed only', async () => {
    await adapter('RefreshToken').upsert('the-secret', { jti: 'the-secret', grantId: 'g', accountId: 'a' }, 60);
    expect(await adapter('RefreshToken').find('the-secret')).toEqual({
      jti: 'the-secret',
      grantId: 'g',
      accountId: 'a',
    });
    expect(await adapter('Session').find('the-secret')).toBeUndefined();
    expect(JSON.stringify(await database.selectFrom('artefact').selectAll().execute())).not.toContain('the-secret');
  });

  it('[RFC 9700 4.14.2] lets one of two simultaneous consumers pass, and removes the grant', async () => {
    await adapter('Grant').upsert('g', { accountId: 'a' }, 60);
    await adapter('RefreshToken').upsert('r', { grantId: 'g' }, 60);
    await adapter('RefreshToken').upsert('s', { grantId: 'g' }, 60);
    const results = await Promise.allSettled([1, 2, 3].map(() => adapter('RefreshToken').consume('r')));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(reused).toEqual(['RefreshToken', 'RefreshToken']);
    expect(await count()).toBe(0);
  });

  it('[RFC 6749 4.1.2] tells that something was consumed', async () => {
    await adapter('AuthorizationCode').upsert('c', { grantId: 'g' }, 60);
    await adapter('AuthorizationCode').consume('c');
    expect(await adapter('AuthorizationCode').find('c')).toMatchObject({ consumed: expect.any(Number) });
  });

  it('[RFC 7009 2.1] removes by grant, one model at a time', async () => {
    await adapter('RefreshToken').upsert('r', { grantId: 'g' }, 60);
    await adapter('RefreshToken').upsert('other', { grantId: 'h' }, 60);
    await adapter('AuthorizationCode').upsert('c', { grantId: 'g' }, 60);
    await adapter('RefreshToken').revokeByGrantId('g');
    expect(await adapter('RefreshToken').find('r')).toBeUndefined();
    expect(await adapter('RefreshToken').find('other')).toBeDefined();
    expect(await adapter('AuthorizationCode').find('c')).toBeDefined();
  });

  it('[OIDC Session] finds a session by its uid, and keeps no cookie in an interaction', async () => {
    await adapter('Session').upsert('the-cookie', { jti: 'the-cookie', uid: 'u', accountId: 'a' }, 60);
    expect(await adapter('Session').findByUid('u')).toEqual({ uid: 'u', accountId: 'a' });
    const session = { accountId: 'a', uid: 'u', cookie: 'the-cookie' };
    await adapter('Interaction').upsert('i', { session }, 60);
    expect(await adapter('Interaction').find('i')).toEqual({ jti: 'i', session: { accountId: 'a', uid: 'u' } });
  });

  it('[state] neither finds nor keeps what has expired', async () => {
    await adapter('Session').upsert('gone', {}, -1);
    await adapter('Session').upsert('there', { accountId: 'a' }, 60);
    expect(await adapter('Session').find('gone')).toBeUndefined();
    await sweep(database);
    expect(await count()).toBe(1);
  });

  it('[state] lets the oldest nameless sessions go when there are too many, and neither a person’s nor a sign-in', async () => {
    await adapter('Session').upsert('person', { accountId: 'a' }, 30);
    for (let index = 0; index < 5; index += 1) {
      await adapter('Session').upsert(`s${index}`, {}, 60 + index);
      await adapter('Interaction').upsert(`i${index}`, {}, 60 + index);
    }
    await sweep(database, Date.now(), { anonymousSessions: 3, poolIdentitiesPerClient: 1 });
    expect(await adapter('Session').find('s1')).toBeUndefined();
    expect(await adapter('Session').find('s2')).toBeDefined();
    expect(await adapter('Interaction').find('i0')).toBeDefined();
    expect(await adapter('Session').find('person')).toBeDefined();
  });
});
