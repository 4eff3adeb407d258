/**
 * Certificate, key and authority of a TLS endpoint, read from PEM files.
 *
 * @module
 */
import { X509Certificate } from 'node:crypto';
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
    ca: files.ca === undefined ? undefined : readAuthorities(files.ca),
  };
  try {
    createSecureContext(material);
  } catch (cause) {
    throw new ConfigInvalid(`${files.cert}: expected a PEM certificate that matches the key file`, { cause });
  }
  return material;
}

/**
 * Certificates of authorities in PEM, one or several: TLS takes a file without any, and then trusts nobody.
 *
 * @throws {ConfigInvalid}
 */
export function readAuthorities(path: string): Buffer {
  const content = read(path);
  const blocks = content.toString('latin1').match(certificateBlock) ?? [];
  if (blocks.length === 0 || !blocks.every(isCertificate)) {
    throw new ConfigInvalid(`${path}: expected PEM certificates of authorities`);
  }
  return content;
}

const certificateBlock = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ConfigInvalid(`${path}: expected a readable PEM file`, { cause });
  }
}
