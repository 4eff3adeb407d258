/**
 * Secrets that two functions of the lab share, kept in its state folder.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LabSecrets {
  /** Of the WWSF at the WAF. */
  readonly wwsfClient: string;
  /** Km: eP-CSCF and TURN server (TS 33.203 X.5.2). */
  readonly turn: string;
}

export function openLabSecrets(folder: string): LabSecrets {
  const file = join(folder, 'secrets.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LabSecrets;
  } catch {
    const secrets: LabSecrets = { wwsfClient: secret(), turn: secret() };
    writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
    return secrets;
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
