/**
 * How the WWSF proves to the WAF that it is itself (TS 33.203 REQ 2.0 and 3.0: W4 is authenticated both ways; the WAF
 * proves itself by its certificate). The same for every call: code, refresh, client credentials and revocation.
 *
 * @module
 */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigInvalid, readTlsMaterial } from '@wicgate/node-kit';
import { type ClientAuth, type ClientMetadata, ClientSecretBasic, PrivateKeyJwt, TlsClientAuth } from 'openid-client';
import type { Config } from '../config.ts';

export interface ClientAuthentication {
  /** What goes with each request to an endpoint. */
  readonly method: ClientAuth;
  /** For `tls_client_auth`, the endpoints of `mtls_endpoint_aliases` are used (RFC 8705 5). */
  readonly metadata: Partial<ClientMetadata>;
  /** What the WWSF shows in the TLS handshake. */
  readonly certificate: { readonly cert: Buffer; readonly key: Buffer } | undefined;
}

type Settings = Pick<
  Config,
  | 'WWSF_CLIENT_AUTH_METHOD'
  | 'WWSF_CLIENT_SECRET'
  | 'WWSF_CLIENT_KEY_FILE'
  | 'WWSF_CLIENT_TLS_CERT_FILE'
  | 'WWSF_CLIENT_TLS_KEY_FILE'
>;

type Method = Settings['WWSF_CLIENT_AUTH_METHOD'];

const readers: Readonly<Record<Method, (settings: Settings) => Promise<ClientAuthentication>>> = {
  client_secret_basic: readSecret,
  private_key_jwt: readKey,
  tls_client_auth: readCertificate,
};

/** @throws {ConfigInvalid} what the method needs is missing, or is no key or certificate. */
export function readClientAuthentication(settings: Settings): Promise<ClientAuthentication> {
  return readers[settings.WWSF_CLIENT_AUTH_METHOD](settings);
}

/** RFC 6749 2.3.1. */
async function readSecret({ WWSF_CLIENT_SECRET: secret }: Settings): Promise<ClientAuthentication> {
  const method = ClientSecretBasic(required(secret, 'WWSF_CLIENT_SECRET', 'client_secret_basic'));
  return { method, metadata: {}, certificate: undefined };
}

/** RFC 7523 2.2, with ES256. */
async function readKey({ WWSF_CLIENT_KEY_FILE: file }: Settings): Promise<ClientAuthentication> {
  const key = readPrivateKey(required(file, 'WWSF_CLIENT_KEY_FILE', 'private_key_jwt'));
  const signing = key.toCryptoKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  return { method: PrivateKeyJwt(signing), metadata: {}, certificate: undefined };
}

/** RFC 8705 2.1. */
async function readCertificate(settings: Settings): Promise<ClientAuthentication> {
  const { cert, key } = readTlsMaterial({
    cert: required(settings.WWSF_CLIENT_TLS_CERT_FILE, 'WWSF_CLIENT_TLS_CERT_FILE', 'tls_client_auth'),
    key: required(settings.WWSF_CLIENT_TLS_KEY_FILE, 'WWSF_CLIENT_TLS_KEY_FILE', 'tls_client_auth'),
  });
  const metadata = { use_mtls_endpoint_aliases: true };
  return { method: TlsClientAuth(), metadata, certificate: { cert, key } };
}

function readPrivateKey(file: string): KeyObject {
  const expected = 'WWSF_CLIENT_KEY_FILE: expected a private key of P-256 in PEM, without a passphrase';
  try {
    const key = createPrivateKey(readFileSync(file));
    if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {
    // The library's message may quote the file.
  }
  throw new ConfigInvalid(expected);
}

function required(value: string | undefined, name: string, method: Method): string {
  if (value === undefined)
    throw new ConfigInvalid(`${name}: expected a value, as WWSF_CLIENT_AUTH_METHOD is ${method}`);
  return value;
}
