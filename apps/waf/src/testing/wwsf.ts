/**
 * The part of a WWSF that speaks to the WAF: a confidential OAuth client.
 *
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
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
  readonly json: Partial<Tokens> & { readonly error?: string; readonly error_description?: string };
  readonly headers: IncomingHttpHeaders;
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
    const { client_id: _, ...form } = this.exchangeForm(back);
    return this.post(browser, '/token', { ...form, ...changed });
  }

  /** The same for a client that authenticates by something else than its secret. */
  exchangeForm(back: Shown): Readonly<Record<'client_id' | 'code', string>> {
    const form = {
      client_id: this.clientId,
      grant_type: 'authorization_code',
      code: back.url.searchParams.get('code') ?? '',
      redirect_uri: `${this.origin}/callback`,
      code_verifier: this.#verifier,
    };
    return form;
  }

  refresh(browser: Browser, refreshToken: string): Promise<TokenAnswer> {
    return this.post(browser, '/token', { grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  revoke(browser: Browser, refreshToken: string): Promise<TokenAnswer> {
    return this.post(browser, '/token/revocation', { token: refreshToken, token_type_hint: 'refresh_token' });
  }

  /** Client credentials; a list makes a parameter stand there several times. */
  credentials(browser: Browser, form: Form): Promise<TokenAnswer> {
    return this.post(browser, '/token', { grant_type: 'client_credentials', ...form });
  }

  post(browser: Browser, path: string, form: Form, secret = this.#secret): Promise<TokenAnswer> {
    const credentials = Buffer.from(`${this.clientId}:${secret}`).toString('base64');
    return postForm(browser, path, form, { authorization: `Basic ${credentials}` });
  }
}

export type Form = Readonly<Record<string, string | readonly string[]>>;

/** As a client's program would, with whatever authenticates it. */
export async function postForm(
  browser: Browser,
  path: string,
  form: Form,
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  const pairs = Object.entries(form).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one] as [string, string]),
  );
  const answer = await browser.send(path, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      cookie: '',
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    body: new URLSearchParams(pairs).toString(),
  });
  const json = answer.body === '' ? {} : (JSON.parse(answer.body) as TokenAnswer['json']);
  return { status: answer.status, json, headers: answer.headers };
}
