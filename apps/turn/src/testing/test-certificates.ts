/**
 * A certificate for `localhost`, in a folder that is removed after the tests.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '@wicgate/certificates';

export interface TestCertificates {
  /** For clients: whom to trust, and the name to expect. */
  readonly trust: { readonly ca: Buffer; readonly serverName: string };
  /** For the server. */
  readonly settings: { readonly TURN_TLS_CERT_FILE: string; readonly TURN_TLS_KEY_FILE: string };
  /** Puts another certificate of the same authority into the same files. */
  renew(): Promise<void>;
  /** Leaves no certificate in the files. */
  spoil(): void;
  remove(): void;
}

export async function createTestCertificates(): Promise<TestCertificates> {
  const folder = mkdtempSync(join(tmpdir(), 'turn-test-'));
  const authority = await CertificateAuthority.open(folder);
  const { certFile, keyFile } = await authority.certificate('localhost', ['localhost']);
  let count = 0;
  return {
    trust: { ca: readFileSync(authority.certFile), serverName: 'localhost' },
    settings: { TURN_TLS_CERT_FILE: certFile, TURN_TLS_KEY_FILE: keyFile },
    renew: async () => {
      count += 1;
      const renewed = await authority.certificate(`renewed-${count}`, ['localhost']);
      writeFileSync(certFile, readFileSync(renewed.certFile));
      writeFileSync(keyFile, readFileSync(renewed.keyFile));
    },
    spoil: () => writeFileSync(certFile, 'nothing of a certificate'),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
