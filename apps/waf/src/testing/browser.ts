/**
 * A small browser for tests: cookies by RFC 6265, forms, redirects within one origin, and the `Sec-Fetch-Site` that a
 * browser would send. It trusts one certificate authority.
 *
 * @module
 */
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';

export interface Shown {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Sent {
  readonly method?: 'GET' | 'POST' | 'OPTIONS';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a client shows on mutual TLS (PEM). */
export interface ClientCertificate {
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

interface Cookie {
  readonly value: string;
  readonly path: string;
  readonly attributes: string;
}

const redirectLimit = 10;

export class Browser {
  /** By name and path. */
  readonly cookies = new Map<string, Cookie>();
  readonly #origin: string;
  readonly #agent: Agent;

  /** Redirects are followed on `origin` only: elsewhere is somebody else's site. */
  constructor(origin: string, ca: Buffer, certificate: ClientCertificate = {}) {
    this.#origin = origin;
    this.#agent = new Agent({ ca, ...certificate, keepAlive: false, servername: new URL(origin).hostname });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Follows redirects; the last answer, or the first address on another origin. */
  async open(path: string | URL, sent: Sent = {}): Promise<Shown> {
    let shown = await this.send(path, { ...sent, headers: { 'sec-fetch-site': 'same-site', ...sent.headers } });
    for (let left = redirectLimit; shown.headers.location !== undefined && left > 0; left -= 1) {
      const url = new URL(shown.headers.location, shown.url);
      if (url.origin !== this.#origin) return { ...shown, url };
      shown = await this.send(url, { headers: { 'sec-fetch-site': 'same-origin' } });
    }
    return shown;
  }

  /** Sends the form of a page, with its hidden fields. */
  submit(
    page: Shown,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Shown> {
    const form = new URLSearchParams({ ...hiddenFields(page.body), ...fields });
    return this.open(new URL(formAction(page.body), page.url), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', ...headers },
      body: form.toString(),
    });
  }

  /** One request and its answer. */
  send(path: string | URL, { method = 'GET', headers = {}, body = '' }: Sent = {}): Promise<Shown> {
    const url = new URL(path, this.#origin);
    const isSized = body !== '' && headers['transfer-encoding'] === undefined;
    const length = isSized ? { 'content-length': String(Buffer.byteLength(body)) } : {};
    const all = { accept: 'text/html', cookie: this.#cookieHeader(url.pathname), ...length, ...headers };
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, agent: this.#agent, headers: all }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          for (const line of response.headers['set-cookie'] ?? []) this.#keep(line);
          const text = Buffer.concat(chunks).toString();
          resolve({ url, status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
    const expires = attributes.find((attribute) => attribute.startsWith('expires='))?.slice(8);
    const isGone = value === '' || (expires !== undefined && Date.parse(expires) < Date.now());
    if (isGone) this.cookies.delete(`${name} ${path}`);
    else this.cookies.set(`${name} ${path}`, { value, path, attributes: attributes.join('; ') });
  }

  #cookieHeader(path: string): string {
    return [...this.cookies]
      .filter(([, cookie]) => path === cookie.path || path.startsWith(cookie.path.replace(/\/?$/, '/')))
      .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
      .join('; ');
  }
}

export function formAction(body: string): string {
  return /<form [^>]*action="([^"]*)"/.exec(body)?.[1] ?? '';
}

export function hiddenFields(body: string): Record<string, string> {
  const inputs = body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value]));
}
