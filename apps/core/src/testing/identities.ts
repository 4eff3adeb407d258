/**
 * Certificates of a network under test.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, CertificateAuthority } from '@wicgate/certificates';
import type { TlsIdentity } from '@wicgate/sip-node';
import { afterAll } from 'vitest';

export interface Identities {
  readonly caFile: string;
  readonly iCscf: Certificate;
  readonly sCscf: Certificate;
  readonly edge: TlsIdentity;
  readonly otherEdge: TlsIdentity;
  /** Of the same authority, but none of the peers. */
  readonly stranger: TlsIdentity;
}

/** To be called at the top of a test file; the folder goes when its tests have ended. */
export async function createIdentities(): Promise<Identities> {
  const folder = mkdtempSync(join(tmpdir(), 'core-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const authority = await CertificateAuthority.open(folder);
  const ca = readFileSync(authority.certFile);
  const create = (name: string): Promise<Certificate> => authority.certificate(name, [`${name}.ims.example`]);
  const read = async (name: string): Promise<TlsIdentity> => {
    const { certFile, keyFile } = await create(name);
    return { cert: readFileSync(certFile), key: readFileSync(keyFile), ca };
  };
  return {
    caFile: authority.certFile,
    iCscf: await create('i-cscf'),
    sCscf: await create('s-cscf'),
    edge: await read('ep-cscf'),
    otherEdge: await read('ep-cscf-2'),
    stranger: await read('stranger'),
  };
}
