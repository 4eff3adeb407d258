/**
 * Certificate, key and authority of a TLS endpoint, read from PEM files.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigInvalid } from './configuration.ts';

export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** The authority that peers' certificates must come from; undefined trusts the system's. */
  readonly ca: Buffer | undefined;
}

/** @throws {ConfigInvalid} a file cannot be read, or certificate and key do not belong together. */
export function readTlsMaterial(files: { cert: string; key: string; ca?: string | undefined }): TlsMaterial {
  const material = {
    cert: read(files.cert),
    key: read(files.key),
    ca: files.ca === undefined ? undefined : read(files.ca),
  };
  try {
    createSecureContext(material);
  } catch (cause) {
    throw new ConfigInvalid(`${files.cert}: expected a PEM certificate that matches the key file`, { cause });
  }
  return material;
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ConfigInvalid(`${path}: expected a readable PEM file`, { cause });
  }
}
