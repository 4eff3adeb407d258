import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLabSecrets } from './lab-secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (): string => join(folder, 'secrets.json');
const stored = (): unknown => JSON.parse(readFileSync(file(), 'utf8'));

describe('The secrets of a lab', () => {
  it('[npm start] are the same the next time, and are their owner’s to read only', () => {
    const { turn, turnOperator, turnKeysFile } = openLabSecrets(folder);
    expect(openLabSecrets(folder)).toEqual({ turn, turnOperator, turnKeysFile });
    expect(stored()).toEqual({ turn, turnOperator });
    expect(turnOperator).not.toBe(turn);
    expect(turnOperator.length).toBeGreaterThanOrEqual(32);
    for (const path of [file(), turnKeysFile]) expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('[npm start] keep Km of a lab that had no token of the operator yet', () => {
    writeFileSync(file(), JSON.stringify({ turn: 'Km of before' }), { mode: 0o600 });
    const { turn, turnOperator } = openLabSecrets(folder);
    expect(turn).toBe('Km of before');
    expect(stored()).toEqual({ turn, turnOperator });
  });

  it.each([{ turnOperator: 'a token without Km' }, { turn: 'Km', turnOperator: 1 }, []])(
    '[npm start] are not made out of %o',
    (content) => {
      writeFileSync(file(), JSON.stringify(content));
      expect(() => openLabSecrets(folder)).toThrow(expect.objectContaining({ code: 'ERR_LAB_STATE_DAMAGED' }));
      expect(stored()).toEqual(content);
    },
  );
});
