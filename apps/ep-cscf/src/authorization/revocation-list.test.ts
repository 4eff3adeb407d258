import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RevocationFile } from './revocation-file.ts';
import { type RevocationEntry, RevocationList } from './revocation-list.ts';

const ours = 'https://waf';
const theirs = 'https://waf.partner';
let now: number;
let saved: RevocationEntry[];
let list: RevocationList;

beforeEach(() => {
  now = 1_000;
  saved = [];
  list = create();
});

function create(limit = 3): RevocationList {
  return new RevocationList({ issuers: [ours, theirs], limit, now: () => now, save: (entry) => saved.push(entry) });
}

describe('revocations', () => {
  it('[X.3.2.3-4] hold for the token or the session that is named, of that WAF, until they end', () => {
    list.add(ours, 'jti', 'a', 1_010);
    list.add(ours, 'sid', 's', 1_020);
    expect(list.isRevoked({ issuer: ours, jti: 'a', sid: undefined })).toBe(true);
    expect(list.isRevoked({ issuer: ours, jti: 'b', sid: 's' })).toBe(true);
    expect(list.isRevoked({ issuer: ours, jti: 'b', sid: undefined })).toBe(false);
    expect(list.isRevoked({ issuer: ours, jti: 's', sid: 'a' })).toBe(false);
    expect(list.isRevoked({ issuer: theirs, jti: 'a', sid: 's' })).toBe(false);
    now = 1_010;
    expect(list.isRevoked({ issuer: ours, jti: 'a', sid: undefined })).toBe(false);
    expect(list.isRevoked({ issuer: ours, jti: 'a', sid: 's' })).toBe(true);
  });

  it('[X.3.2.3-4] are not shortened by a second one', () => {
    list.add(ours, 'jti', 'a', 1_100);
    list.add(ours, 'jti', 'a', 1_010);
    now = 1_050;
    expect(list.has(ours, 'jti', 'a')).toBe(true);
  });

  it('[limits] of one WAF are so many; what has expired gives way, what counts does not, another has its own room', () => {
    for (const name of ['a', 'b', 'c']) expect(list.add(ours, 'jti', name, 1_010)).toBe(true);
    expect(list.add(ours, 'jti', 'd', 1_010)).toBe(false);
    expect(list.add(ours, 'jti', 'a', 1_020)).toBe(true);
    expect(list.add(theirs, 'jti', 'd', 1_010)).toBe(true);
    now = 1_015;
    expect(list.add(ours, 'jti', 'd', 1_030)).toBe(true);
    expect(list.has(ours, 'jti', 'a')).toBe(true);
    expect(list.size).toBe(3);
  });

  it('[REQ 2.3] of a WAF that is none of ours are refused', () => {
    expect(list.add('https://evil', 'jti', 'a', 1_010)).toBe(false);
    expect(saved).toEqual([]);
  });

  it('[RFC 6750 5.3] show no name of token or session', () => {
    list.add(ours, 'jti', 'a-token', 1_010);
    expect(JSON.stringify(saved)).not.toContain('a-token');
    expect(saved[0]?.key).toMatch(/^jti\.[\w-]{43}$/u);
  });
});

describe('the file of revocations', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'revocations-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('[X.3.2.3-4] brings back what counts, and neither what expired nor what cannot be read', () => {
    const file = new RevocationFile(folder);
    expect(file.read()).toEqual({ entries: [], damagedLines: 0 });
    list.add(ours, 'jti', 'a', 1_100);
    list.add(ours, 'jti', 'b', 1_010);
    list.add(theirs, 'sid', 's', 1_100);
    for (const entry of saved) file.append(entry, () => list.entries());
    appendFileSync(join(folder, 'revocations.ndjson'), '{"issuer":"https://waf","ke');
    now = 1_050;
    const again = create();
    const { entries, damagedLines } = new RevocationFile(folder).read();
    again.restore(entries);
    expect(damagedLines).toBe(1);
    expect(again.isRevoked({ issuer: ours, jti: 'a', sid: undefined })).toBe(true);
    expect(again.isRevoked({ issuer: theirs, jti: 'x', sid: 's' })).toBe(true);
    expect(again.size).toBe(2);
  });

  it('[X.3.2.3-4] is written anew with what counts only, for its owner only', () => {
    const file = new RevocationFile(folder);
    list.add(ours, 'jti', 'a', 1_100);
    file.write(list.entries());
    expect(readFileSync(join(folder, 'revocations.ndjson'), 'utf8').split('\n')).toHaveLength(2);
    expect(statSync(join(folder, 'revocations.ndjson')).mode & 0o077).toBe(0);
  });

  it('[X.3.2.3-4] after a line that could not be written whole, the next one loses nothing', () => {
    const path = join(folder, 'revocations.ndjson');
    const file = new RevocationFile(folder);
    rmSync(path);
    mkdirSync(path);
    for (const name of ['a', 'b']) list.add(ours, 'jti', name, 1_100);
    const [first, second] = saved;
    if (first === undefined || second === undefined) throw new TypeError('expected two entries');
    expect(() => file.append(first, () => list.entries())).toThrow(expect.objectContaining({ code: 'EISDIR' }));
    rmSync(path, { recursive: true });
    file.append(second, () => list.entries());
    expect(new RevocationFile(folder).read()).toEqual({ entries: saved, damagedLines: 0 });
  });

  it('[configuration] in a folder that is none stops the start', () => {
    const path = join(folder, 'a-file');
    writeFileSync(path, '');
    expect(() => new RevocationFile(path).read()).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
  });
});
