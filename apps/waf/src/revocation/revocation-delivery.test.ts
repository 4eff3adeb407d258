/**
 * The queue of revocations, on a database and sockets of its own.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '@wicgate/certificates';
import { Operations } from '@wicgate/node-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RevocationRefused, RevocationUndelivered } from '../errors.ts';
import { openKeys } from '../keys.ts';
import type { WafLogger } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { sweep } from '../store/expiry-sweep.ts';
import { createPostRevocation } from './post-revocation.ts';
import { type PendingRevocation, startRevocationDelivery } from './revocation-delivery.ts';
import { nowSeconds, revoke } from './revocations.ts';

let folder: string;
let database: Database;
let stop: () => Promise<void>;
const lines: { readonly event: string }[] = [];
const write = (line: { readonly event: string }): void => {
  lines.push(line);
};
const log: WafLogger = { error: write, warn: write, info: write, debug: write };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waf-delivery-'));
  database = openDatabase(join(folder, 'waf.sqlite'));
  stop = async () => undefined;
  lines.length = 0;
});

afterEach(async () => {
  await stop();
  await database.destroy();
  rmSync(folder, { recursive: true });
});

const waiting = () => database.selectFrom('revocation_delivery').selectAll().orderBy('id').execute();
const parts = (post: (endpoint: string, revocation: PendingRevocation) => Promise<void>) => ({
  database,
  endpoints: ['https://one.example/revocations'],
  post,
  log,
  metrics: createMetrics(new Operations()),
  failed: (cause: unknown): void => {
    throw cause;
  },
});
const refuse = async (): Promise<void> => {
  throw new RevocationUndelivered('expected 204');
};

/** Resolves with the n-th revocation that is posted. */
function posted(count: number) {
  const all: PendingRevocation[] = [];
  let done: (all: PendingRevocation[]) => void = () => undefined;
  const heard = new Promise<PendingRevocation[]>((resolve) => {
    done = resolve;
  });
  const post = async (_endpoint: string, revocation: PendingRevocation): Promise<void> => {
    if (all.push(revocation) === count) done(all);
  };
  return { post, heard };
}

describe('Queue of revocations', () => {
  it('[REQ 2.2] tells one again that was prolonged while it was being told', async () => {
    const told: number[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    await revoke(database, 'sid', ['value']);
    stop = startRevocationDelivery(
      parts(async (_endpoint, { expires_at }) => {
        if (told.push(expires_at) > 1) return resolve();
        await database
          .updateTable('revocation_delivery')
          .set({ expires_at: expires_at + 600 })
          .execute();
      }),
    );
    await promise;
    expect(told[1]).toBe((told[0] ?? 0) + 600);
    await expect.poll(waiting).toEqual([]);
  });

  it('[REQ 2.2] delivers each once, and forgets it', async () => {
    const { post, heard } = posted(1_200);
    const values = Array.from({ length: 1_200 }, (_, index) => `value-${index}`);
    await revoke(database, 'sid', values);
    stop = startRevocationDelivery(parts(post));
    expect(new Set((await heard).map(({ value }) => value))).toEqual(new Set(values));
    await stop();
    expect(await waiting()).toEqual([]);
    expect(await database.selectFrom('revocation').selectAll().execute()).toEqual([]);
  }, 20_000);

  it('[REQ 2.2] keeps what is not taken, the same value once and for the longer time', async () => {
    const failed = Promise.withResolvers<void>();
    await revoke(database, 'jti', ['one'], nowSeconds() + 100);
    await revoke(database, 'jti', ['one'], nowSeconds() + 300);
    await revoke(database, 'jti', ['one'], nowSeconds() + 200);
    stop = startRevocationDelivery(
      parts(() => {
        failed.resolve();
        return refuse();
      }),
    );
    await failed.promise;
    await stop();
    const rows = await waiting();
    expect(rows.map(({ kind, value }) => [kind, value])).toEqual([['jti', 'one']]);
    expect(rows[0]?.expires_at).toBeGreaterThanOrEqual(nowSeconds() + 350);
  });

  it('[REQ 2.2] gives up what an eP-CSCF finds malformed, and goes on with the rest', async () => {
    const { post, heard } = posted(1);
    await revoke(database, 'sid', [...Array.from({ length: 40 }, (_, index) => `bad-${index}`), 'good']);
    stop = startRevocationDelivery(
      parts(async (endpoint, revocation) => {
        if (revocation.value.startsWith('bad')) throw new RevocationRefused('expected 204');
        await post(endpoint, revocation);
      }),
    );
    expect((await heard)[0]?.value).toBe('good');
    await stop();
    expect(await waiting()).toEqual([]);
  });

  it('[REQ 2.2] is bounded: the oldest give way, and the operator hears of it', async () => {
    const failed = Promise.withResolvers<void>();
    await revoke(database, 'sid', ['a', 'b', 'c', 'd']);
    stop = startRevocationDelivery(
      parts(() => {
        failed.resolve();
        return refuse();
      }),
      3,
    );
    await failed.promise;
    await stop();
    expect((await waiting()).map(({ value }) => value)).toEqual(['b', 'c', 'd']);
    expect(lines.some(({ event }) => event === 'revocation.dropped')).toBe(true);
  });

  it('[REQ 2.2] forgets what such tokens have outlived', async () => {
    const row = { endpoint: 'https://one.example/revocations', kind: 'sid', value: 'old' } as const;
    await database
      .insertInto('revocation_delivery')
      .values({ ...row, expires_at: nowSeconds() - 1 })
      .execute();
    await sweep(database);
    expect(await waiting()).toEqual([]);
  });

  it('[REQ 2.2] is told of grants whose session has expired', async () => {
    await database
      .insertInto('artefact')
      .values({
        model: 'Grant',
        id_hash: 'the-sid',
        payload: '{}',
        grant_id: null,
        session_uid: null,
        account_id: 'a',
        consumed_at: null,
        expires_at: nowSeconds() - 1,
      })
      .execute();
    await sweep(database);
    const revoked = await database.selectFrom('revocation').select(['kind', 'value']).execute();
    expect(revoked).toEqual([{ kind: 'sid', value: 'the-sid' }]);
  });
});

describe('Post of a revocation', () => {
  const revocation = { kind: 'sid', value: 'the-sid', expires_at: nowSeconds() + 60 } as const;

  async function poster(ca: Buffer | undefined) {
    const keys = await openKeys(join(folder, 'keys'));
    return createPostRevocation({ keys, issuer: 'https://waf.example', audience: 'https://ep-cscf.example', ca });
  }

  async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  it('[REQ 2.2] goes to an eP-CSCF of the configured authority only', async () => {
    const authority = await CertificateAuthority.open(join(folder, 'ca'));
    const { certFile, keyFile } = await authority.certificate('ep-cscf', ['localhost']);
    const bodies: string[] = [];
    const server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, (request, response) => {
      request.setEncoding('utf8').on('data', (chunk) => bodies.push(chunk));
      request.on('end', () => response.writeHead(204).end());
    });
    const endpoint = `https://localhost:${await listen(server)}/revocations`;
    const [trusting, doubting] = [await poster(readFileSync(authority.certFile)), await poster(undefined)];
    await trusting(endpoint, revocation);
    expect(JSON.parse(bodies[0] ?? '')).toEqual({ sid: 'the-sid', exp: revocation.expires_at });
    await expect(doubting(endpoint, revocation)).rejects.toMatchObject({ code: 'ERR_WAF_REVOCATION_UNDELIVERED' });
    expect(bodies.length).toBe(1);
    trusting.close();
    doubting.close();
    server.close();
  });

  it('[REQ 2.2] to an eP-CSCF that never answers ends with the WAF', async () => {
    const silent = createTcpServer();
    const port = await listen(silent);
    const post = await poster(undefined);
    const connected = new Promise((resolve) => silent.once('connection', resolve));
    const outcome = expect(post(`http://127.0.0.1:${port}/revocations`, revocation)).rejects.toMatchObject({
      code: 'ERR_WAF_REVOCATION_UNDELIVERED',
    });
    await connected;
    post.close();
    await outcome;
    silent.close();
  });
});
