/**
 * A WAF as the eP-CSCF sees it: metadata and keys over https, and tokens that were signed before anything is timed.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { homeDomain, impiOf } from './accounts.ts';

export const audience = `https://ep-cscf.${homeDomain}`;

const kid = 'bench';
const lifetimeSeconds = 3_600;

export class Issuer {
  readonly #server: Server;
  readonly #privateKey: CryptoKey;

  private constructor(server: Server, privateKey: CryptoKey) {
    this.#server = server;
    this.#privateKey = privateKey;
  }

  static async start(tls: { readonly cert: Buffer; readonly key: Buffer }): Promise<Issuer> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const keys = [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }];
    const server = createServer(tls);
    const issuer = new Issuer(server, privateKey);
    server.on('request', ({ url }, response) => {
      const metadata = { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` };
      const body = url === '/jwks' ? { keys } : metadata;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return issuer;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** An access token (RFC 9068) good for `user`, as the WAF makes them. */
  async issue(user: string): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: this.url,
      sub: user,
      aud: audience,
      client_id: `wwsf.${homeDomain}`,
      scope: 'openid webrtc-ims-client-access-to-ims',
      impi: impiOf(user),
      impu: [`sip:${impiOf(user)}`],
      iat: now,
      exp: now + lifetimeSeconds,
      jti: randomUUID(),
      sid: randomUUID(),
    };
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid }).sign(this.#privateKey);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
