/**
 * The folder of keys and databases of a lab: marked as the lab's, held by one lab at a time, and never emptied of
 * anything else.
 *
 * @module
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StateFolderForeign, StateFolderInUse, StateFolderUnusable } from './errors.ts';
import { holdsLabSecrets } from './lab-secrets.ts';

/** Says that the folder is a lab's, and which process had it last. */
const markFile = 'wicgate-lab.json';
const lockFile = 'wicgate-lab.lock';

/** All that a lab makes in its folder beside mark and lock; of a database also the files SQLite puts beside it. */
const contents: readonly string[] = [
  'certificates',
  'core',
  'ep-cscf',
  'hss.sqlite',
  'hss.sqlite-journal',
  'hss.sqlite-shm',
  'hss.sqlite-wal',
  'isim-profiles',
  'partner',
  'secrets.json',
  'turn-keys.json',
  'waf',
  'wwsf',
];
const sqliteBusy = 5;

interface Holder {
  readonly pid: number;
  readonly portBase: number;
}

export class StateFolder {
  readonly path: string;
  readonly #lock: DatabaseSync;

  private constructor(path: string, lock: DatabaseSync) {
    this.path = path;
    this.#lock = lock;
  }

  /**
   * The folder, made where it is missing, and held until {@link close}.
   *
   * @throws {StateFolderUnusable}
   * @throws {StateFolderForeign} it is neither empty nor a lab's; nothing in it has been touched.
   * @throws {StateFolderInUse}
   */
  static open(path: string, portBase: number): StateFolder {
    const folder = resolve(path);
    const lock = orUnusable(() => {
      createFolder(folder);
      refuseForeign(folder);
      return takeLock(folder);
    });
    const holder: Holder = { pid: process.pid, portBase };
    try {
      orUnusable(() => writeFileSync(join(folder, markFile), `${JSON.stringify(holder)}\n`, { mode: 0o600 }));
    } catch (error) {
      lock.close();
      throw error;
    }
    return new StateFolder(folder, lock);
  }

  /** Removes what labs have made in it. @throws {StateFolderUnusable} */
  empty(): void {
    orUnusable(() => {
      for (const name of contents) rmSync(join(this.path, name), { recursive: true, force: true });
    });
  }

  /** Lets the next lab have it. */
  close(): void {
    if (this.#lock.isOpen) this.#lock.close();
  }
}

function orUnusable<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof StateFolderForeign || cause instanceof StateFolderInUse) throw cause;
    throw new StateFolderUnusable('--state: expected a folder that can be written', { cause });
  }
}

/** One after the other: to `mkdirSync` with `recursive` there is no end below a folder like /proc. */
function createFolder(path: string): void {
  if (isFolder(path)) return;
  if (!existsSync(dirname(path))) createFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another lab may have been faster.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Labs did not always leave a mark, but always their secrets. */
function refuseForeign(folder: string): void {
  const names = readdirSync(folder);
  if (names.length === 0 || names.includes(markFile) || names.includes(lockFile) || holdsLabSecrets(folder)) return;
  throw new StateFolderForeign(
    `${folder}: expected an empty folder or one that a lab has made; nothing in it was touched. ` +
      'Give the lab a folder of its own: npm start -- --state DIR',
  );
}

/**
 * SQLite's lock on an empty file: the operating system keeps it, and lets go of it when the process ends, however it
 * ends. Never opened by other means: closing the file anywhere in this process would give the lock up.
 */
function takeLock(folder: string): DatabaseSync {
  const lock = new DatabaseSync(join(folder, lockFile), { timeout: 0 });
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive');
    chmodSync(join(folder, lockFile), 0o600);
    return lock;
  } catch (error) {
    lock.close();
    const isBusy = error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
    throw isBusy ? inUse(folder) : error;
  }
}

function inUse(folder: string): StateFolderInUse {
  const holder = findHolder(folder);
  const [who, how] =
    holder === undefined
      ? ['another lab', 'End it']
      : [`another lab (process ${holder.pid}, ports from ${holder.portBase})`, `End it (kill ${holder.pid})`];
  return new StateFolderInUse(
    `${folder}: ${who} is using this folder; nothing in it was touched. ` +
      `${how}, or start this one elsewhere: npm start -- --port-base N --state DIR`,
  );
}

/** Undefined while the other lab has not written its mark. */
function findHolder(folder: string): Holder | undefined {
  try {
    const { pid, portBase } = JSON.parse(readFileSync(join(folder, markFile), 'utf8')) as Partial<Holder>;
    return Number.isInteger(pid) && Number.isInteger(portBase) ? ({ pid, portBase } as Holder) : undefined;
  } catch {
    return undefined;
  }
}
