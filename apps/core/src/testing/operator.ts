/**
 * The operator of a network under test, at its operations listener.
 *
 * @module
 */
import { createServer } from 'node:net';
import type { Operations } from '@wicgate/node-kit';
import { onTestFinished } from 'vitest';

export interface OperatorAnswer {
  readonly status: number;
  /** JSON, read; undefined where there is no body. */
  readonly body: unknown;
}

export type Operator = (method: string, path: string, body?: unknown) => Promise<OperatorAnswer>;

/** Stops listening when the test ends. */
export async function startOperator(operations: Operations): Promise<Operator> {
  const port = await freePort();
  await operations.listen('127.0.0.1', port);
  onTestFinished(() => operations.stop());
  return async (method, path, body) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
