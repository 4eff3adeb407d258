/**
 * What functions of the lab share as a secret, kept in its state folder.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StateDamaged } from './errors.ts';

export interface LabSecrets {
  /** Km: eP-CSCF and TURN server (TS 33.203 X.5.2). */
  readonly turn: string;
}

export function openLabSecrets(folder: string): LabSecrets {
  const file = join(folder, 'secrets.json');
  if (existsSync(file)) return readSecrets(file);
  const secrets: LabSecrets = { turn: createSecret() };
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

/** Whether a lab has kept its secrets in `folder`. */
export function holdsLabSecrets(folder: string): boolean {
  try {
    readSecrets(join(folder, 'secrets.json'));
    return true;
  } catch (error) {
    if (error instanceof StateDamaged) return false;
    throw error;
  }
}

/** @throws {StateDamaged} */
function readSecrets(file: string): LabSecrets {
  const expected = `${file}: expected the secrets that the lab wrote there; start with --fresh to make the state anew`;
  try {
    const { turn } = JSON.parse(readFileSync(file, 'utf8')) as Partial<LabSecrets>;
    if (typeof turn === 'string') return { turn };
  } catch (cause) {
    throw new StateDamaged(expected, { cause });
  }
  throw new StateDamaged(expected);
}

function createSecret(): string {
  return randomBytes(32).toString('base64url');
}
