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
  /** What the TURN server's operator shows it: the eP-CSCF, and whoever runs the lab. */
  readonly turnOperator: string;
}

/** What one file holds. */
type StoredSecrets = Pick<LabSecrets, 'turn' | 'turnOperator'>;

export function openLabSecrets(folder: string): LabSecrets {
  return {
    ...openSecrets(join(folder, 'secrets.json')),
    turnKeysFile: openTurnKeys(join(folder, 'turn-keys.json')),
  };
}

/** A lab of before kept Km only: what is missing is made now. */
function openSecrets(file: string): StoredSecrets {
  const kept: Partial<StoredSecrets> = existsSync(file) ? readSecrets(file) : {};
  const { turn = createSecret(), turnOperator = createSecret() } = kept;
  if (kept.turn === undefined || kept.turnOperator === undefined) {
    writeFileSync(file, JSON.stringify({ turn, turnOperator }), { mode: 0o600 });
  }
  return { turn, turnOperator };
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
function readSecrets(file: string): Pick<StoredSecrets, 'turn'> & Partial<StoredSecrets> {
  const expected = `${file}: expected the secrets that the lab wrote there; start with --fresh to make the state anew`;
  try {
    const { turn, turnOperator } = JSON.parse(readFileSync(file, 'utf8')) as Partial<StoredSecrets>;
    if (typeof turn === 'string' && turnOperator === undefined) return { turn };
    if (typeof turn === 'string' && typeof turnOperator === 'string') return { turn, turnOperator };
  } catch (cause) {
    throw new StateDamaged(expected, { cause });
  }
  throw new StateDamaged(expected);
}

function createSecret(): string {
  return randomBytes(32).toString('base64url');
}
