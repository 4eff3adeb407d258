/**
 * The list of revocations in the state folder, so that a restart revives no token: one JSON line an entry.
 *
 * Lines are added at the end; at the start, and when it has grown well beyond what still counts, the file is written
 * anew. A line that cannot be read, such as a last one that was cut off, is left out and counted.
 *
 * @module
 */
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigInvalid } from '@wicgate/node-kit';
import { z } from 'zod';
import type { RevocationEntry } from './revocation-list.ts';

const entrySchema = z.strictObject({
  issuer: z.string(),
  key: z.string().regex(/^(?:jti|sid|statement)\.[A-Za-z0-9_-]{43}$/u),
  expiresAt: z.number().int().positive(),
});
/** Lines that may be added before the file is written anew. */
const maxAddedLines = 100_000;

export interface ReadRevocations {
  readonly entries: readonly RevocationEntry[];
  /** Lines that could not be read: what they revoked, nobody knows. */
  readonly damagedLines: number;
}

export class RevocationFile {
  readonly #file: string;
  #added = 0;

  constructor(folder: string) {
    this.#file = join(folder, 'revocations.ndjson');
  }

  /** @throws {ConfigInvalid} the folder or its file cannot be used. */
  read(): ReadRevocations {
    const lines = this.#readText()
      .split('\n')
      .filter((line) => line !== '');
    const entries = lines.flatMap(readLine);
    return { entries, damagedLines: lines.length - entries.length };
  }

  /** Writes the file anew. @throws the file system's error. */
  write(entries: Iterable<RevocationEntry>): void {
    const text = Array.from(entries, formatLine).join('');
    writeFileSync(`${this.#file}.new`, text, { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
    this.#added = 0;
  }

  /**
   * Adds `entry`; `all` are the entries that count, that one among them, should the file have to be written anew.
   *
   * @throws the file system's error; part of the line may be there, so the next time the file is written anew.
   */
  append(entry: RevocationEntry, all: () => Iterable<RevocationEntry>): void {
    if (this.#added >= maxAddedLines) {
      this.write(all());
      return;
    }
    const added = this.#added + 1;
    this.#added = maxAddedLines;
    appendFileSync(this.#file, formatLine(entry), { mode: 0o600 });
    this.#added = added;
  }

  #readText(): string {
    try {
      mkdirSync(join(this.#file, '..'), { recursive: true, mode: 0o700 });
      return readFileSync(this.#file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw new ConfigInvalid('EP_CSCF_STATE_DIR: expected to read its list of revocations', { cause: error });
    }
  }
}

function formatLine({ issuer, key, expiresAt }: RevocationEntry): string {
  return `${JSON.stringify({ issuer, key, expiresAt })}\n`;
}

function readLine(line: string): readonly RevocationEntry[] {
  try {
    const result = entrySchema.safeParse(JSON.parse(line));
    return result.success ? [result.data] : [];
  } catch {
    return [];
  }
}
