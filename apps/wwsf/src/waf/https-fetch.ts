/**
 * `fetch` over node:https, for a WAF whose certificate comes from an authority of the operator's own.
 *
 * The fetch of Node takes no authority. Redirects are not followed, answers are bounded, and connections to the WAF are
 * bounded too; the time limit comes with each call, as a signal.
 *
 * @module
 */
import { Agent, request } from 'node:https';
import type { CustomFetch, CustomFetchOptions } from 'openid-client';

export interface HttpsFetch {
  readonly fetch: CustomFetch;
  /** Ends all calls. */
  readonly close: () => void;
}

const maxAnswerLength = 256 * 1024;
const maxSockets = 64;

/**
 * @param ca PEM of the authorities to trust; undefined trusts the system's.
 * @param certificate what to show a server that asks for it.
 */
export function createHttpsFetch(
  ca: Buffer | undefined,
  certificate?: { readonly cert: Buffer; readonly key: Buffer },
): HttpsFetch {
  const agent = new Agent({ keepAlive: false, maxSockets, minVersion: 'TLSv1.2', ...(ca && { ca }), ...certificate });
  const closed = new AbortController();
  return {
    fetch: (url, options) => send(url, options, agent, closed.signal),
    close: () => {
      closed.abort();
      agent.destroy();
    },
  };
}

function send(url: string, options: CustomFetchOptions, agent: Agent, closed: AbortSignal): Promise<Response> {
  const body = readBody(options.body);
  const signal = options.signal === undefined ? closed : AbortSignal.any([options.signal, closed]);
  return new Promise((resolve, reject) => {
    // The abort error of node:https hides the reason: whether time ran out or the WWSF stops.
    const fail = (error: unknown): void => reject(signal.aborted ? signal.reason : error);
    const headers = body === undefined ? options.headers : { ...options.headers, 'content-length': body.length };
    const call = request(url, { method: options.method, headers, agent, signal }, (answer) => {
      const chunks: Buffer[] = [];
      let length = 0;
      answer.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > maxAnswerLength) call.destroy(new RangeError(`expected at most ${maxAnswerLength} octets`));
        else chunks.push(chunk);
      });
      answer.on('end', () => resolve(createResponse(answer.statusCode ?? 0, answer.headersDistinct, chunks)));
      answer.on('error', fail);
    });
    call.on('error', fail);
    call.end(body);
  });
}

function readBody(body: CustomFetchOptions['body']): Buffer | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string' || body instanceof URLSearchParams) return Buffer.from(body.toString());
  throw new TypeError('expected a form as the body');
}

function createResponse(status: number, headers: NodeJS.Dict<string[]>, chunks: readonly Buffer[]): Response {
  const copied = new Headers();
  for (const [name, values] of Object.entries(headers)) for (const value of values ?? []) copied.append(name, value);
  const isBodyless = status === 204 || status === 205 || status === 304;
  return new Response(isBodyless ? null : Buffer.concat(chunks), { status, headers: copied });
}
