/**
 * Routes that functions add to the operations listener.
 *
 * The listener asks nobody who they are: a route that changes something either authenticates its callers itself or
 * relies on the listener being out of reach. Web pages are never among its callers.
 *
 * @module
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export type RouteMethod = 'GET' | 'PUT' | 'POST' | 'DELETE';

export interface OperationsRequest {
  readonly headers: IncomingHttpHeaders;
  /** What stands for `*` in the path, decoded; empty where the path has none. */
  readonly rest: string;
  /** UTF-8, at most 16 KiB. */
  readonly body: string;
}

export interface OperationsAnswer {
  readonly status: number;
  /** Written as JSON; undefined: none. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type RouteHandler = (request: OperationsRequest) => OperationsAnswer | Promise<OperationsAnswer>;

const maxBodyOctets = 16_384;

export class OperationsRoutes {
  /** By path, then by method. */
  readonly #paths = new Map<string, Map<string, RouteHandler>>();

  /** The returned function removes it. @throws {TypeError} it is there already. */
  add(method: RouteMethod, path: string, handle: RouteHandler): () => void {
    const methods = this.#paths.get(path) ?? new Map<string, RouteHandler>();
    if (methods.has(method)) throw new TypeError(`${method} ${path}: expected a route that is not there yet`);
    this.#paths.set(path, methods.set(method, handle));
    return () => {
      methods.delete(method);
      if (methods.size === 0) this.#paths.delete(path);
    };
  }

  /** Undefined: there is no such path. */
  async answer(request: IncomingMessage): Promise<OperationsAnswer | undefined> {
    const [path = '/'] = (request.url ?? '/').split('?');
    const found = this.#find(path);
    if (found === undefined) return undefined;
    // A page in somebody's browser can reach loopback; it cannot hide that it is a page.
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (origin !== undefined || site !== undefined) return problem(403, 'expected no request of a web page');
    const handle = found.methods.get(request.method ?? '');
    if (handle === undefined) {
      const allow = [...found.methods.keys()].join(', ');
      return { ...problem(405, `expected one of ${allow}`), headers: { allow } };
    }
    const body = await readBody(request);
    if (body === undefined) {
      return { ...problem(413, `expected at most ${maxBodyOctets} octets`), headers: { connection: 'close' } };
    }
    return handle({ headers: request.headers, rest: found.rest, body });
  }

  #find(path: string): { readonly methods: ReadonlyMap<string, RouteHandler>; readonly rest: string } | undefined {
    const exact = this.#paths.get(path);
    if (exact !== undefined) return { methods: exact, rest: '' };
    const segmentAt = path.lastIndexOf('/') + 1;
    const methods = this.#paths.get(`${path.slice(0, segmentAt)}*`);
    const rest = decode(path.slice(segmentAt));
    return methods === undefined || rest === undefined || rest === '' ? undefined : { methods, rest };
  }
}

function problem(status: number, detail: string): OperationsAnswer {
  return { status, body: { error: detail } };
}

/** Undefined: it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    octets += chunk.length;
    if (octets > maxBodyOctets) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
