/**
 * A small certificate authority for the lab and for trials: ECDSA P-256, kept in a folder between runs.
 *
 * Not for production: its key lies in the folder, readable by its owner only.
 *
 * @module
 */
// @peculiar/x509 asks its users for this polyfill.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

/** Paths of the PEM files of one certificate. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;
const authorityDays = 3_650;
const certificateDays = 397;
/** A certificate with less than this left is made anew. */
const renewalDays = 30;

x509.cryptoProvider.set(webcrypto as Crypto);

export class CertificateAuthority {
  /** PEM file to hand to whoever shall trust this authority. */
  readonly certFile: string;
  readonly #folder: string;
  readonly #certificate: x509.X509Certificate;
  readonly #key: CryptoKey;

  private constructor(folder: string, certificate: x509.X509Certificate, key: CryptoKey) {
    this.certFile = join(folder, 'ca.pem');
    this.#folder = folder;
    this.#certificate = certificate;
    this.#key = key;
  }

  /** The authority that lives in `folder`; made on first use. */
  static async open(folder: string): Promise<CertificateAuthority> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const certFile = join(folder, 'ca.pem');
    const keyFile = join(folder, 'ca.key');
    if (existsSync(certFile) && existsSync(keyFile)) {
      const certificate = new x509.X509Certificate(readFileSync(certFile, 'utf8'));
      if (isFresh(certificate)) return new CertificateAuthority(folder, certificate, await readKey(keyFile));
    }
    const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      ...validity(authorityDays),
      serialNumber: serialNumber(),
      name: 'CN=Wicgate lab certificate authority',
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    await writeKey(keyFile, keys.privateKey);
    writeFileSync(certFile, `${certificate.toString('pem')}\n`);
    return new CertificateAuthority(folder, certificate, keys.privateKey);
  }

  /**
   * A certificate for `names` (DNS names and IPv4 addresses; the first is the common name, TS 33.203 O.5), kept as
   * `<file>.pem` and `<file>.key` until it nears its end or the names change.
   */
  async certificate(file: string, names: readonly [string, ...string[]]): Promise<Certificate> {
    const paths = { certFile: join(this.#folder, `${file}.pem`), keyFile: join(this.#folder, `${file}.key`) };
    if (existsSync(paths.certFile) && existsSync(paths.keyFile) && (await this.#isCurrent(paths.certFile, names)))
      return paths;

    const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity(certificateDays),
      serialNumber: serialNumber(),
      subject: `CN=${names[0]}`,
      issuer: this.#certificate.subject,
      publicKey: keys.publicKey,
      signingKey: this.#key,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
        new x509.SubjectAlternativeNameExtension(names.map(generalName)),
        await x509.AuthorityKeyIdentifierExtension.create(this.#certificate.publicKey),
      ],
    });
    await writeKey(paths.keyFile, keys.privateKey);
    writeFileSync(paths.certFile, `${certificate.toString('pem')}\n`);
    return paths;
  }

  async #isCurrent(certFile: string, names: readonly string[]): Promise<boolean> {
    const certificate = new x509.X509Certificate(readFileSync(certFile, 'utf8'));
    const held = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.items.map(({ value }) => value);
    const issued = await certificate.verify({ publicKey: this.#certificate.publicKey });
    return issued && isFresh(certificate) && held?.join() === names.join();
  }
}

function generalName(name: string): { type: 'dns' | 'ip'; value: string } {
  return { type: /^\d+(\.\d+){3}$/.test(name) ? 'ip' : 'dns', value: name };
}

function validity(days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + days * dayMs) };
}

function isFresh(certificate: x509.X509Certificate): boolean {
  return certificate.notAfter.getTime() > Date.now() + renewalDays * dayMs;
}

/** 127 random bits: positive in DER, and unique. */
function serialNumber(): string {
  const octets = webcrypto.getRandomValues(new Uint8Array(16));
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(octets).toString('hex');
}

async function writeKey(path: string, key: CryptoKey): Promise<void> {
  const octets = await webcrypto.subtle.exportKey('pkcs8', key);
  writeFileSync(path, `${x509.PemConverter.encode(octets, 'PRIVATE KEY')}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
}

async function readKey(path: string): Promise<CryptoKey> {
  const octets = x509.PemConverter.decodeFirst(readFileSync(path, 'utf8'));
  return (await webcrypto.subtle.importKey('pkcs8', octets, algorithm, true, ['sign'])) as CryptoKey;
}
