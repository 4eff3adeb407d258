/**
 * The certificate of the TLS listeners, read again when its files change.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { type Stats, statSync } from 'node:fs';
import type { SecureVersion, Server as TlsServer } from 'node:tls';
import { ConfigInvalid, type Logger, readTlsMaterial } from '@wicgate/node-kit';
import type { Clock } from '../clock.ts';
import type { TurnLogEvent } from '../log-event.ts';

/** How often the files are looked at. */
export const lookMs = 60_000;

/** A chain and its key, in PEM. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** What a TLS server is created with. */
export interface TlsOptions {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly minVersion: SecureVersion;
  /** 48 octets, of all listeners: a session is resumed at whichever the client comes back to (TS 33.203 W.3.1.3). */
  readonly ticketKeys: Buffer;
}

export interface TlsCertificateSettings {
  readonly files: CertificateFiles;
  readonly clock: Clock;
  readonly log: Logger<TurnLogEvent>;
}

export class TlsCertificate {
  readonly #files: CertificateFiles;
  readonly #clock: Clock;
  readonly #log: Logger<TurnLogEvent>;
  readonly #servers = new Set<TlsServer>();
  #options: TlsOptions;
  #seen: string;
  #stopTimer: () => void = () => undefined;

  /** @throws {ConfigInvalid} a file cannot be read, or the two do not belong together. */
  constructor({ files, clock, log }: TlsCertificateSettings) {
    this.#files = files;
    this.#clock = clock;
    this.#log = log;
    this.#seen = stateOf(files);
    this.#options = readOptions(files);
    this.#lookLater();
  }

  get options(): TlsOptions {
    return this.#options;
  }

  /** Gives the server each later certificate. */
  follow(server: TlsServer): void {
    this.#servers.add(server);
  }

  unfollow(server: TlsServer): void {
    this.#servers.delete(server);
  }

  stop(): void {
    this.#stopTimer();
  }

  #lookLater(): void {
    this.#stopTimer = this.#clock.after(lookMs, () => {
      this.#look();
      this.#lookLater();
    });
  }

  /** Files that are being written fail, and are looked at again: connections go on with the certificate there is. */
  #look(): void {
    const state = stateOf(this.#files);
    if (state === this.#seen) return;
    try {
      this.#options = readOptions(this.#files);
      this.#seen = state;
      for (const server of this.#servers) server.setSecureContext(this.#options);
      this.#log.info({ event: 'turn.certificate.renewed' });
    } catch (cause) {
      if (!(cause instanceof ConfigInvalid)) throw cause;
      this.#log.error({
        event: 'turn.certificate.unreadable',
        cause,
        effect: 'TLS goes on with the certificate read before',
        action: 'let TURN_TLS_CERT_FILE and TURN_TLS_KEY_FILE hold a PEM certificate and its key',
      });
    }
  }
}

function readOptions(files: CertificateFiles): TlsOptions {
  const { cert, key } = readMaterial(files);
  return { cert, key, minVersion: 'TLSv1.2', ticketKeys: randomBytes(48) };
}

function readMaterial(files: CertificateFiles): Pick<TlsOptions, 'cert' | 'key'> {
  try {
    return readTlsMaterial(files);
  } catch (cause) {
    if (!(cause instanceof ConfigInvalid)) throw cause;
    throw new ConfigInvalid(`TURN_TLS_CERT_FILE, TURN_TLS_KEY_FILE: ${cause.message}`, { cause });
  }
}

/** Changes when a file is written or replaced, or cannot be looked at. */
function stateOf({ cert, key }: CertificateFiles): string {
  return [cert, key]
    .map((path) => findStat(path))
    .map((stat) => (stat === undefined ? 'none' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`))
    .join(', ');
}

/** Why it is not to be had is said when the file is read. */
function findStat(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
