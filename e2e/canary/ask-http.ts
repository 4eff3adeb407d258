/**
 * A plain request to a function on loopback, over a connection of its own: kept ones may end just when they are used.
 *
 * @module
 */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const timeoutMs = 10_000;

export async function askHttp(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body = '' }: Question = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const signal = AbortSignal.timeout(timeoutMs);
  const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false, signal });
  asked.end(body);
  const [answer] = (await once(asked, 'response', { signal })) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, text: await text(answer) };
}
