/**
 * The files of a state folder, and each row of its databases: a long value is in pieces in the file.
 *
 * @module
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Evidence } from './evidence.ts';

export function snapshotState(folder: string, evidence: Evidence): void {
  const copy = mkdtempSync(join(tmpdir(), 'wicgate-canary-'));
  try {
    // By another process: reading a database's file here would give up the locks that this process has on it.
    execFileSync('cp', ['-r', `${folder}/.`, copy]);
    const files = readdirSync(copy, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map((entry) => join(entry.parentPath, entry.name));
    for (const path of paths) evidence.add('file', relative(copy, path), readFileSync(path));
    for (const path of paths.filter((each) => each.endsWith('.sqlite'))) addRows(path, relative(copy, path), evidence);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function addRows(path: string, name: string, evidence: Evidence): void {
  const database = new DatabaseSync(path);
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  for (const table of tables.map((row) => String(row.name))) {
    for (const row of database.prepare(`select * from "${table}"`).all()) {
      const values = Object.values(row).map((value) => (value instanceof Uint8Array ? value : `${value ?? ''}`));
      evidence.add('file', `${name} ${table}`, Buffer.concat(values.flatMap((value) => [Buffer.from(value), newline])));
    }
  }
  database.close();
}

const newline: Buffer = Buffer.from('\n');
