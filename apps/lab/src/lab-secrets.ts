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
  /** Path of the AS-RS key: WAF and TURN server (TS 33.203 X.5.3, RFC 7635). */
  readonly turnKeysFile: string;
  /** What the eP-CSCF shows the TURN server as its operator; another one each time. */
  readonly turnOperator: string;
}

/** What one file holds. */
type StoredSecrets = Pick<LabSecrets, 'turn'>;

export function openLabSecrets(folder: string): LabSecrets {
  return {
    ...openSecrets(join(folder, 'secrets.json')),
    turnKeysFile: openTurnKeys(join(folder, 'turn-keys.json')),
    turnOperator: createSecret(),
  };
}

function openSecrets(file: string): StoredSecrets {
  if (existsSync(file)) return readSecrets(file);
  const secrets: StoredSecrets = { turn: createSecret() };
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

/** Those who read the file say what is wrong with it. */
function openTurnKeys(file: string): string {
  if (existsSync(file)) return file;
  const key = { kid: 'lab-1', algorithm: 'A256GCM', key: randomBytes(32).toString('base64') };
  writeFileSync(file, JSON.stringify([key]), { mode: 0o600 });
  return file;
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
function readSecrets(file: string): StoredSecrets {
  const expected = `${file}: expected the secrets that the lab wrote there; start with --fresh to make the state anew`;
  try {
    const { turn } = JSON.parse(readFileSync(file, 'utf8')) as Partial<StoredSecrets>;
    if (typeof turn === 'string') return { turn };
  } catch (cause) {
    throw new StateDamaged(expected, { cause });
  }
  throw new StateDamaged(expected);
}

function createSecret(): string {
  return randomBytes(32).toString('base64url');
}
