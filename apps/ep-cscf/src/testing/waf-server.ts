/**
 * A WAF as the eP-CSCF sees it: metadata and keys over https, and tokens that it signs.
 *
 * @module
 */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export interface TokenChanges {
  /** Claims that differ from those of a good token; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Signs with a key that the WAF does not publish. */
  readonly forged?: boolean;
}

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export class WafServer {
  readonly #server: Server;
  #key: SigningKey;
  #isDown = false;
  /** Takes requests and answers none. */
  hangs = false;
  #issued = 0;
  /** How often the keys were fetched. */
  keyFetches = 0;

  private constructor(server: Server, key: SigningKey) {
    this.#server = server;
    this.#key = key;
    server.on('request', (request, response) => {
      if (this.hangs) return;
      if (this.#isDown) {
        response.writeHead(503).end();
        return;
      }
      if (request.url === '/jwks') this.keyFetches += 1;
      const body =
        request.url === '/jwks' ? { keys: [this.#key.jwk] } : { issuer: this.issuer, jwks_uri: `${this.issuer}/jwks` };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  }

  static async start(tls: { cert: Buffer; key: Buffer }): Promise<WafServer> {
    const server = createServer(tls);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new WafServer(server, await createKey());
  }

  get issuer(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A token for `name`, good unless `changes` make it bad. */
  async issue(name: string, { claims = {}, header = {}, forged = false }: TokenChanges = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    this.#issued += 1;
    const payload: Record<string, unknown> = {
      iss: this.issuer,
      sub: name,
      aud: 'https://ep-cscf.ims.example',
      client_id: 'wwsf.ims.example',
      scope: 'openid webrtc-ims-client-access-to-ims',
      impi: `${name}@ims.example`,
      impu: [`sip:${name}@ims.example`],
      iat: now,
      exp: now + 300,
      jti: `${name}-${this.#issued}`,
      sid: name,
      ...claims,
    };
    return this.#sign(payload, { typ: 'at+jwt', ...header }, forged);
  }

  /** What it authenticates with to revoke, good unless `changes` make it bad. */
  async state({ claims = {}, header = {}, forged = false }: TokenChanges = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    this.#issued += 1;
    const jti = `statement-${this.#issued}`;
    const payload = { iss: this.issuer, aud: 'https://ep-cscf.ims.example', iat: now, exp: now + 60, jti, ...claims };
    return this.#sign(payload, { typ: 'revocation+jwt', ...header }, forged);
  }

  /** The public key that it publishes. */
  get publicKey(): JWK {
    return this.#key.jwk;
  }

  async #sign(payload: JWTPayload, header: Readonly<Record<string, unknown>>, forged: boolean): Promise<string> {
    const { kid, privateKey } = forged ? { ...(await createKey()), kid: this.#key.kid } : this.#key;
    return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid, ...header }).sign(privateKey);
  }

  /** Signs with a new key from now on. */
  async rotate(): Promise<void> {
    this.#key = await createKey();
  }

  set isDown(isDown: boolean) {
    this.#isDown = isDown;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

let made = 0;

async function createKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  made += 1;
  const kid = `key-${made}`;
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } };
}
