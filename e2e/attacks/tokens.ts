/**
 * Access tokens and statements as a WAF of the lab signs them, and as somebody forges them (RFC 9068, RFC 8725).
 *
 * @module
 */
import { createHmac, createPrivateKey, createPublicKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Claims = Readonly<Record<string, unknown>>;

export interface TokenParts {
  readonly claims?: Claims;
  readonly header?: Claims;
}

export interface TokenMintOptions {
  readonly issuer: string;
  /** `client_id` of the WWSF that the tokens are for. */
  readonly clientId: string;
  /** Folder of the WAF's state, with its keys. */
  readonly stateFolder: string;
}

const audience = 'https://ep-cscf.ims.example';
const scope = 'webrtc-ims-client-access-to-ims';

export class TokenMint {
  readonly #options: TokenMintOptions;
  readonly #kid: string;
  readonly #key: KeyObject;

  constructor(options: TokenMintOptions) {
    const { signing } = JSON.parse(readFileSync(join(options.stateFolder, 'keys.json'), 'utf8')) as WafKeys;
    const [jwk] = signing;
    if (jwk === undefined) throw new TypeError('keys.json: expected a signing key');
    this.#options = options;
    this.#kid = jwk.kid;
    this.#key = createPrivateKey({ key: jwk, format: 'jwk' });
  }

  /** A token for the subscriber `user`; `parts` make it a bad one. */
  token(user: string, { claims = {}, header = {} }: TokenParts = {}): string {
    return this.#signed({ typ: 'at+jwt', ...header }, this.claims(user, claims));
  }

  /** What {@link token} says. */
  claims(user: string, claims: Claims = {}): Claims {
    const { issuer, clientId } = this.#options;
    const now = Math.floor(Date.now() / 1_000);
    const identities = { impi: `${user}@ims.example`, impu: [`sip:${user}@ims.example`] };
    const times = { iat: now, exp: now + 300, jti: randomUUID() };
    return { iss: issuer, aud: audience, sub: user, client_id: clientId, scope, ...identities, ...times, ...claims };
  }

  /** By which a WAF proves at an eP-CSCF who revokes. */
  statement({ claims = {}, header = {} }: TokenParts = {}): string {
    const now = Math.floor(Date.now() / 1_000);
    const { issuer } = this.#options;
    const all = { iss: issuer, aud: audience, iat: now, exp: now + 60, jti: randomUUID(), ...claims };
    return this.#signed({ typ: 'revocation+jwt', ...header }, all);
  }

  /** Without a signature (RFC 8725 2.1). */
  unsigned(user: string): string {
    return `${encode({ typ: 'at+jwt', alg: 'none' })}.${encode(this.claims(user))}.`;
  }

  /** With the public key, which everybody knows, as if it were a secret (RFC 8725 2.1). */
  hmac(user: string): string {
    const publicKey = createPublicKey(this.#key).export({ type: 'spki', format: 'pem' });
    const content = `${encode({ typ: 'at+jwt', alg: 'HS256', kid: this.#kid })}.${encode(this.claims(user))}`;
    return `${content}.${createHmac('sha256', publicKey).update(content).digest('base64url')}`;
  }

  #signed(header: Claims, claims: Claims): string {
    const content = `${encode({ alg: 'ES256', kid: this.#kid, ...header })}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(content), { key: this.#key, dsaEncoding: 'ieee-p1363' });
    return `${content}.${signature.toString('base64url')}`;
  }
}

interface WafKeys {
  readonly signing: readonly Readonly<Record<'kid' | 'kty' | 'crv' | 'x' | 'y' | 'd', string>>[];
}

/** What a token says of itself; nobody has verified it. */
export function readClaims(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
}

function encode(part: Claims): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
