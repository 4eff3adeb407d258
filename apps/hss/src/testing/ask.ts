/**
 * A client of the provisioning API for tests.
 *
 * @module
 */
import { request as httpRequest } from 'node:http';
import type { TestHss } from './test-hss.ts';

export interface Reply {
  readonly status: number;
  readonly type: string | undefined;
  readonly location: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are compared with what is expected of them
  readonly body: any;
}

export interface Question {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is text. */
  readonly body?: unknown;
}

/** By node:http, which lets a test say anything in its headers. */
export function ask(hss: TestHss, method: string, path: string, { headers = {}, body }: Question = {}): Promise<Reply> {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const content = text === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${hss.url}${path}`, { method, headers: { ...content, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'],
          location: response.headers.location,
          body: JSON.parse(Buffer.concat(chunks).toString() || 'null'),
        }),
      );
    });
    request.on('error', reject).end(text);
  });
}
