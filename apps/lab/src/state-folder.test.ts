import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLabSecrets } from './lab-secrets.ts';
import { StateFolder } from './state-folder.ts';

let parent: string;
let path: string;
const held: StateFolder[] = [];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'wicgate-state-'));
  path = join(parent, 'lab');
});

afterEach(() => {
  for (const folder of held.splice(0)) folder.close();
  rmSync(parent, { recursive: true });
});

function open(portBase = 8_443): StateFolder {
  const folder = StateFolder.open(path, portBase);
  held.push(folder);
  return folder;
}

const withCode = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe('[npm start] The state folder', () => {
  it('[npm start] is made with the folders above it, for its owner only', () => {
    path = join(parent, 'not', 'yet', 'there');
    expect(open().path).toBe(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('[npm start] is emptied of what labs made, and of nothing else', () => {
    const folder = open();
    for (const name of ['certificates', 'ep-cscf', 'waf', 'wwsf', 'photographs']) {
      mkdirSync(join(path, name));
      writeFileSync(join(path, name, 'file'), '');
    }
    for (const name of ['hss.sqlite', 'hss.sqlite-wal', 'hss.sqlite-shm', 'hss.sqlite.old', 'thesis.txt']) {
      writeFileSync(join(path, name), '');
    }
    openLabSecrets(path);
    const kept = ['hss.sqlite.old', 'photographs', 'thesis.txt', 'wicgate-lab.json', 'wicgate-lab.lock'];
    folder.empty();
    expect(readdirSync(path).toSorted()).toEqual(kept);
    expect(readdirSync(join(path, 'photographs'))).toEqual(['file']);
  });

  it('[npm start] is not left by way of a link', () => {
    const elsewhere = join(parent, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'file'), '');
    const folder = open();
    symlinkSync(elsewhere, join(path, 'certificates'));
    folder.empty();
    expect(readdirSync(elsewhere)).toEqual(['file']);
  });

  it.each([
    { what: 'a file', name: 'thesis.txt', content: 'mine' },
    { what: 'secrets of another program', name: 'secrets.json', content: '{"password":"x"}' },
    { what: 'a hidden file', name: '.profile', content: '' },
  ])('[npm start] is refused, untouched, where it holds $what and no mark of a lab', ({ name, content }) => {
    mkdirSync(path);
    writeFileSync(join(path, name), content);
    expect(() => open()).toThrow(withCode('ERR_LAB_STATE_FOLDER_FOREIGN', `${path}: expected an empty folder`));
    expect(readdirSync(path)).toEqual([name]);
  });

  it('[npm start] is taken over from a lab that left secrets but no mark', () => {
    mkdirSync(path);
    openLabSecrets(path);
    expect(() => open()).not.toThrow();
  });

  it('[npm start] belongs to one lab at a time', () => {
    const first = open(9_443);
    expect(() => open(9_643)).toThrow(
      withCode('ERR_LAB_STATE_FOLDER_IN_USE', `another lab (process ${process.pid}, ports from 9443)`),
    );
    // Having been refused must not have loosened the lock.
    expect(() => open(9_643)).toThrow(withCode('ERR_LAB_STATE_FOLDER_IN_USE', `kill ${process.pid}`));
    first.close();
    first.close();
    expect(() => open(9_643)).not.toThrow();
  });

  it('[npm start] is free again once the process that had it was killed', async () => {
    const module = JSON.stringify(new URL('./state-folder.ts', import.meta.url).href);
    const program = `import { StateFolder } from ${module};
      globalThis.held = StateFolder.open(${JSON.stringify(path)}, 8443);
      console.log('held');
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    await once(child.stdout, 'data');
    expect(() => open()).toThrow(withCode('ERR_LAB_STATE_FOLDER_IN_USE', `process ${child.pid},`));
    child.kill('SIGKILL');
    await exit;
    expect(() => open()).not.toThrow();
  }, 20_000);

  it.each(['/etc/hostname', '/etc/hostname/below', '/proc/x', '/proc/x/y'])(
    '[npm start] is refused at once where it cannot be: %s',
    (impossible) => {
      path = impossible;
      expect(() => open()).toThrow(
        withCode('ERR_LAB_STATE_FOLDER_UNUSABLE', '--state: expected a folder that can be written'),
      );
    },
  );
});
