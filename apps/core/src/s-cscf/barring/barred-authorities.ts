/**
 * Third-party WAFs and WWSFs that vouch for nobody (TS 33.203 X.3.2.3 NOTE 8, X.4.2.3 NOTE 10): by configuration, or by
 * the operator while the S-CSCF runs.
 *
 * @module
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigInvalid } from '@wicgate/node-kit';
import { z } from 'zod';
import type { ThirdParties } from '../trusted-node-authentication.ts';

export interface BarredAuthoritiesOptions {
  /** They stay barred until the configuration changes. */
  readonly configured: readonly string[];
  /** Where those of the operator outlive a restart; undefined: they do not. */
  readonly file: string | undefined;
}

const maxNames = 1_000;
const names = z.array(z.hostname()).max(maxNames);

/** Names are compared octet for octet, as the lists of the HSS are. */
export class BarredAuthorities {
  readonly #configured: ReadonlySet<string>;
  readonly #added: Set<string>;
  readonly #file: string | undefined;

  /** @throws {ConfigInvalid} the file is there and cannot be read. */
  constructor({ configured, file }: BarredAuthoritiesOptions) {
    this.#configured = new Set(configured);
    this.#file = file;
    this.#added = new Set(file === undefined ? [] : readNames(file));
  }

  /** In the order of the alphabet. */
  get names(): readonly string[] {
    return sorted(new Set([...this.#configured, ...this.#added]));
  }

  has(name: string): boolean {
    return this.#configured.has(name) || this.#added.has(name);
  }

  /** Whether one of those who took part is barred. */
  hasAny({ authorizationEntity, wwsf }: ThirdParties): boolean {
    return [authorizationEntity, wwsf].some((name) => name !== undefined && this.has(name));
  }

  /** What came of it; `full` and `no name` change nothing. */
  add(name: string): 'barred' | 'full' | 'no name' {
    if (!z.hostname().safeParse(name).success) return 'no name';
    if (!this.has(name) && this.#added.size >= maxNames) return 'full';
    this.#added.add(name);
    this.#save();
    return 'barred';
  }

  /** `configured`: it stays barred. */
  remove(name: string): 'lifted' | 'not barred' | 'configured' {
    const wasAdded = this.#added.delete(name);
    if (wasAdded) this.#save();
    if (this.#configured.has(name)) return 'configured';
    return wasAdded ? 'lifted' : 'not barred';
  }

  /** Whole or not at all. */
  #save(): void {
    if (this.#file === undefined) return;
    const next = `${this.#file}.next`;
    mkdirSync(dirname(next), { recursive: true, mode: 0o700 });
    writeFileSync(next, `${JSON.stringify(sorted(this.#added))}\n`, { mode: 0o600 });
    renameSync(next, this.#file);
  }
}

function sorted(texts: ReadonlySet<string>): readonly string[] {
  return [...texts].sort((a, b) => (a < b ? -1 : 1));
}

function readNames(file: string): readonly string[] {
  try {
    return names.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw new ConfigInvalid('CORE_BARRED_AUTHORITIES_FILE: expected a JSON list of at most 1000 host names');
  }
}
