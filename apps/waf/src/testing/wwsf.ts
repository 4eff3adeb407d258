/**
 * The part of a WWSF that speaks to the WAF: a confidential OAuth client.
 *
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Browser, Shown } from './browser.ts';

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly expires_in: number;
  readonly scope: string;
}

export interface TokenAnswer {
  readonly status: number;
  readonly json: Partial<Tokens> & { readonly error?: string };
}

export class Wwsf {
  readonly clientId: string;
  readonly origin: string;
  readonly #secret: string;
  readonly #verifier = randomBytes(32).toString('base64url');

  constructor(clientId: string, secret: string, origin: string) {
    this.clientId = clientId;
    this.origin = origin;
    this.#secret = secret;
  }

  authorizationPath(changed: Readonly<Record<string, string | undefined>> = {}): string {
    const parameters = {
      client_id: this.clientId,
      response_type: 'code',
      redirect_uri: `${this.origin}/callback`,
      scope: 'openid offline_access webrtc-ims-client-access-to-ims',
      state: 'state-1',
      nonce: 'nonce-1',
      code_challenge: createHash('sha256').update(this.#verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...changed,
    };
    const given = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return `/auth?${new URLSearchParams(given)}`;
  }

  /** Exchanges the code that the browser came back with. */
  exchange(browser: Browser, back: Shown, changed: Readonly<Record<string, string>> = {}): Promise<TokenAnswer> {
    return this.post(browser, '/token', {
      grant_type: 'authorization_code',
      code: back.url.searchParams.get('code') ?? '',
      redirect_uri: `${this.origin}/callback`,
      code_verifier: this.#verifier,
      ...changed,
    });
  }

  refresh(browser: Browser, refreshToken: string): Promise<TokenAnswer> {
    return this.post(browser, '/token', { grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  revoke(browser: Browser, refreshToken: string): Promise<TokenAnswer> {
    return this.post(browser, '/token/revocation', { token: refreshToken, token_type_hint: 'refresh_token' });
  }

  async post(
    browser: Browser,
    path: string,
    form: Readonly<Record<string, string>>,
    secret = this.#secret,
  ): Promise<TokenAnswer> {
    const credentials = Buffer.from(`${this.clientId}:${secret}`).toString('base64');
    const { status, body } = await browser.send(path, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        cookie: '',
        authorization: `Basic ${credentials}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams(form).toString(),
    });
    return { status, json: body === '' ? {} : (JSON.parse(body) as TokenAnswer['json']) };
  }
}
