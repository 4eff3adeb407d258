/**
 * Certificates for tests: our own authority, and one that nobody trusts.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '@wicgate/certificates';
import { afterAll } from 'vitest';
import type { TlsIdentity } from '../listen-address.ts';

export interface Identities {
  /** `one.ims.example` and `alias.ims.example`. */
  readonly one: TlsIdentity;
  /** `two.ims.example`. */
  readonly two: TlsIdentity;
  /** `two.ims.example` too, but from another authority; trusts ours. */
  readonly stranger: TlsIdentity;
}

/** To be called at the top of a test file; the folder goes when its tests have ended. */
export async function createIdentities(): Promise<Identities> {
  const folder = mkdtempSync(join(tmpdir(), 'sip-node-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const ours = await CertificateAuthority.open(join(folder, 'ours'));
  const other = await CertificateAuthority.open(join(folder, 'other'));
  const ca = readFileSync(ours.certFile);
  const make = async (authority: CertificateAuthority, ...names: [string, ...string[]]): Promise<TlsIdentity> => {
    const { certFile, keyFile } = await authority.certificate(names[0], names);
    return { cert: readFileSync(certFile), key: readFileSync(keyFile), ca };
  };
  return {
    one: await make(ours, 'one.ims.example', 'alias.ims.example'),
    two: await make(ours, 'two.ims.example'),
    stranger: await make(other, 'two.ims.example'),
  };
}
