/**
 * The servers of one engine, one for each profile, started when they are first needed and again when they have died.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, CertificateAuthority } from '@wicgate/certificates';
import type { EngineName } from '../engine-name.ts';
import type { ProfileName } from './engine-case.ts';
import { EngineProcess } from './engine-process.ts';
import { environmentOf } from './profiles.ts';

export class EngineServers {
  readonly #engine: EngineName;
  readonly #folder = mkdtempSync(join(tmpdir(), 'turn-engines-'));
  readonly #running = new Map<ProfileName, EngineProcess>();
  /** Why it never started: no use in trying again for each case. */
  #failure: unknown;
  #authority: CertificateAuthority | undefined;
  #certificate: Certificate | undefined;

  constructor(engine: EngineName) {
    this.#engine = engine;
  }

  /** Certificates first: the servers read them. */
  async prepare(): Promise<void> {
    this.#authority = await CertificateAuthority.open(this.#folder);
    this.#certificate = await this.#authority.certificate('localhost', ['localhost', '127.0.0.1']);
  }

  /** A server of that profile that answers. */
  async alive(profile: ProfileName): Promise<EngineProcess> {
    const running = this.#running.get(profile);
    if (running !== undefined && (await running.isAlive())) return running;
    this.#running.delete(profile);
    await running?.stop();
    if (this.#failure !== undefined) throw this.#failure;
    const started = await this.#start(profile).catch((error: unknown) => {
      this.#failure = error;
      throw error;
    });
    this.#running.set(profile, started);
    return started;
  }

  /** Rejects if one never started: a case that is known to fail would have failed for nothing. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running.values()].map((running) => running.stop()));
    rmSync(this.#folder, { recursive: true });
    if (this.#failure !== undefined) throw this.#failure;
  }

  #start(profile: ProfileName): Promise<EngineProcess> {
    const [authority, certificate] = [this.#authority, this.#certificate];
    if (authority === undefined || certificate === undefined) throw new TypeError('expected prepare() before');
    const environment = environmentOf(this.#engine, profile, { certificate, folder: this.#folder });
    return EngineProcess.start(this.#engine, readFileSync(authority.certFile, 'utf8'), environment);
  }
}
