/**
 * The key of the flow tokens: made once, kept in the state folder, so that tokens outlive a restart (RFC 5626 5.1).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigInvalid } from '@wicgate/node-kit';

const keyOctets = 32;

/** @throws {ConfigInvalid} the folder cannot be written, or its key file is damaged. */
export function readFlowTokenKey(folder: string): Uint8Array {
  const file = join(folder, 'flow-token.key');
  const key = openKey(folder, file);
  if (key.length !== keyOctets) throw new ConfigInvalid(`${file}: expected ${keyOctets} octets`);
  return key;
}

function openKey(folder: string, file: string): Uint8Array {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return findKey(file) ?? createKey(file);
  } catch (cause) {
    throw new ConfigInvalid(`${folder}: expected a folder for the key of the flow tokens`, { cause });
  }
}

function findKey(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function createKey(file: string): Uint8Array {
  const key = randomBytes(keyOctets);
  // Refuses to overwrite: a key that another process has just made must not be lost.
  writeFileSync(file, key, { mode: 0o600, flag: 'wx' });
  return key;
}
