import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { AddressInUse, listen } from './listen.ts';
import { Operations } from './operations.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await listen(server, { host: '127.0.0.1', port: 0, setting: 'PORT' });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

it('[operations] answers health, readiness and metrics', async () => {
  const operations = new Operations();
  const port = await freePort();
  let ready = false;
  operations.addReadiness('waf', () => ready);
  await operations.listen('127.0.0.1', port);
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, text: await response.text() };
  };

  expect(await get('/healthz')).toEqual({ status: 200, text: 'ok\n' });
  expect(await get('/readyz')).toEqual({ status: 503, text: 'waiting: waf\n' });
  ready = true;
  expect(await get('/readyz')).toEqual({ status: 200, text: 'ready\n' });
  expect((await get('/metrics')).text).toContain('process_resident_memory_bytes');
  expect((await get('/elsewhere')).status).toBe(404);
  await operations.stop();
});

it('[operations] says which port is taken and which setting moves it', async () => {
  const other = createServer();
  await listen(other, { host: '127.0.0.1', port: 0, setting: 'PORT' });
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const taken = new Operations().listen('127.0.0.1', port);
  await expect(taken).rejects.toThrow(AddressInUse);
  await expect(taken).rejects.toThrow(
    `127.0.0.1:${port} is already in use: end the other program or give OPERATIONS_PORT`,
  );
  await new Promise((resolve) => other.close(resolve));
});

it('[operations] answers the routes that functions add, until they take them away; never a web page', async () => {
  const operations = new Operations();
  const port = await freePort();
  const remove = operations.addRoute('PUT', '/bars/*', ({ rest, body }) => ({ status: 200, body: { rest, body } }));
  await operations.listen('127.0.0.1', port);
  const put = async (path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'PUT', ...init });
    return { status: response.status, text: await response.text() };
  };

  expect(await put('/bars/a%20b?x', { body: 'why' })).toEqual({ status: 200, text: '{"rest":"a b","body":"why"}\n' });
  expect((await put('/bars/a', { headers: { origin: 'https://page.example' } })).status).toBe(403);
  expect((await put('/bars/a', { method: 'POST' })).status).toBe(405);
  expect((await put('/bars/')).status).toBe(404);
  expect((await put('/bars/%ff')).status).toBe(404);
  expect((await put('/bars/a', { body: 'x'.repeat(16_385) })).status).toBe(413);
  expect(() => operations.addRoute('PUT', '/bars/*', () => ({ status: 204 }))).toThrow(TypeError);
  remove();
  expect((await put('/bars/a')).status).toBe(404);
  await operations.stop();
});
