/**
 * Makes certificates by hand: `node infra/certificates/src/create.ts FOLDER FILE NAME [NAME …]`.
 *
 * @module
 */
import { CertificateAuthority } from './certificate-authority.ts';

const [folder, file, name, ...names] = process.argv.slice(2);
if (folder === undefined || file === undefined || name === undefined) {
  process.stderr.write(
    'expected: create.ts FOLDER FILE NAME [NAME …], e.g. create.ts ./certificates i-cscf i-cscf.ims.example\n',
  );
  process.exit(1);
}
const authority = await CertificateAuthority.open(folder);
const { certFile, keyFile } = await authority.certificate(file, [name, ...names]);
process.stdout.write(`authority    ${authority.certFile}\ncertificate  ${certFile}\nkey          ${keyFile}\n`);
