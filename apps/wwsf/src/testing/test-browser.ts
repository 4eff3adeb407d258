/**
 * A browser as far as the WWSF can tell: https, a cookie jar for one host, redirects followed on request.
 *
 * @module
 */
import type { OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:https';

export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly setCookies: readonly string[];
  readonly body: string;
  readonly json: () => Record<string, unknown>;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What Chromium sends with a person's navigation. */
const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'accept': 'text/html' };
/** What Chromium sends with `fetch` in the page. */
const fromPage = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };

export class TestBrowser {
  readonly cookies = new Map<string, string>();
  readonly #ca: string;

  constructor(ca: string) {
    this.#ca = ca;
  }

  /** One request, with the path exactly as given. */
  ask(url: string, { method = 'GET', headers = {}, body }: AskOptions = {}): Promise<Answer> {
    const { hostname, port, origin } = new URL(url);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent: OutgoingHttpHeaders = { ...(cookie !== '' && { cookie }), ...headers };
    const path = url.slice(origin.length);
    return new Promise((resolve, reject) => {
      const options = { method, hostname, port, path, headers: sent, ca: this.#ca, servername: hostname, agent: false };
      const call = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const setCookies = response.headers['set-cookie'] ?? [];
          this.#keep(setCookies);
          const text = Buffer.concat(chunks).toString();
          const status = response.statusCode ?? 0;
          const copied = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
          resolve({ url, status, headers: copied, setCookies, body: text, json: () => JSON.parse(text) });
        });
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  navigate(url: string): Promise<Answer> {
    return this.ask(url, { headers: navigation });
  }

  /** `fetch` by the page of the URL's origin. */
  fetch(url: string, { headers, ...options }: AskOptions = {}): Promise<Answer> {
    return this.ask(url, { ...options, headers: { ...fromPage, ...headers } });
  }

  /** Follows redirects until `isThere` or an answer that is none; the redirect that `isThere` names is not followed. */
  async follow(url: string, isThere: (location: string) => boolean = () => false): Promise<Answer> {
    let answer = await this.navigate(url);
    for (let hops = 0; hops < 12; hops += 1) {
      const location = answer.headers.get('location');
      if (location === null) return answer;
      const next = new URL(location, answer.url).href;
      if (isThere(next)) return answer;
      answer = await this.navigate(next);
    }
    throw new Error('expected fewer redirects');
  }

  #keep(setCookies: readonly string[]): void {
    for (const line of setCookies) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      const isGone = /;\s*max-age=0/i.test(line) || /expires=thu, 01 jan 1970/i.test(line);
      if (isGone) this.cookies.delete(pair.slice(0, at));
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }
}
