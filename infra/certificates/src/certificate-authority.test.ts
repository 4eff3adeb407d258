import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CertificateAuthority } from './certificate-authority.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wicgate-ca-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (file: string): X509Certificate => new X509Certificate(readFileSync(file));

it('[O.5] issues certificates with the name in CN and subjectAltName, which its own certificate verifies', async () => {
  const authority = await CertificateAuthority.open(folder);
  const { certFile, keyFile } = await authority.certificate('wwsf', ['localhost', '127.0.0.1']);
  const certificate = read(certFile);
  expect(certificate.subject).toBe('CN=localhost');
  expect(certificate.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
  expect(certificate.verify(read(authority.certFile).publicKey)).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(read(authority.certFile).ca).toBe(true);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'ca.key')).mode & 0o777).toBe(0o600);
});

it('[O.5] keeps what it made between runs, and makes a certificate anew when its names change', async () => {
  const first = await (await CertificateAuthority.open(folder)).certificate('mw', ['i-cscf.ims.example']);
  const kept = read(first.certFile).serialNumber;
  const again = await CertificateAuthority.open(folder);
  expect(read((await again.certificate('mw', ['i-cscf.ims.example'])).certFile).serialNumber).toBe(kept);
  expect(read((await again.certificate('mw', ['s-cscf.ims.example'])).certFile).serialNumber).not.toBe(kept);
});
