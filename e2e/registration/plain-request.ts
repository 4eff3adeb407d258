/**
 * One HTTP request to a listener on loopback, on a connection of its own: none that stood idle can close under it.
 *
 * @module
 */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

const timeoutMs = 10_000;

/** The status code; `body` goes as JSON. */
export async function sendPlain(port: number, method: string, path: string, body?: object): Promise<number> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(timeoutMs);
  const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false, signal });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode ?? 0;
}
