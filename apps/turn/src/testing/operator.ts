/**
 * The operator of a server under test, at its operations listener.
 *
 * @module
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Operations } from '@wicgate/node-kit';

export const operatorToken = 'the token of an operator, in a test'.replaceAll(' ', '-');

export interface OperatorAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined where there is none. */
  readonly body: unknown;
}

export interface OperatorRequest {
  /** What Authorization holds; undefined leaves the header out. */
  readonly authorization?: string | undefined;
  /** Sent as it is, if it is text; else as JSON. */
  readonly body?: unknown;
}

export class Operator {
  readonly #origin: string;
  readonly #operations: Operations;

  private constructor(operations: Operations, port: number) {
    this.#operations = operations;
    this.#origin = `http://127.0.0.1:${port}`;
  }

  static async at(operations: Operations): Promise<Operator> {
    const port = await findFreePort();
    await operations.listen('127.0.0.1', port);
    return new Operator(operations, port);
  }

  /** With the right token unless told otherwise. */
  async ask(method: string, path: string, request: OperatorRequest = {}): Promise<OperatorAnswer> {
    const { authorization = `Bearer ${operatorToken}`, body } = request;
    const answer = await fetch(`${this.#origin}${path}`, {
      method,
      headers: 'authorization' in request && request.authorization === undefined ? {} : { authorization },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text.startsWith('{') ? JSON.parse(text) : undefined,
    };
  }

  async close(): Promise<void> {
    await this.#operations.stop();
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
