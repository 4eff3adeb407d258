/**
 * A tunnel through a proxy that nobody speaks in.
 *
 * @module
 */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectProxy } from './connect-proxy.ts';

const patienceMs = 30_000;

/** Opens it, and resolves when it was cut. Rejects where the proxy refuses it, or never cuts it. */
export async function keepSilentUntilCut(proxy: ConnectProxy, target: string): Promise<void> {
  const { hostname: host, port } = new URL(proxy.url);
  const asking = request({ host, port, method: 'CONNECT', path: target, agent: false });
  asking.end();
  const signal = AbortSignal.timeout(patienceMs);
  const [{ statusCode }, socket] = (await once(asking, 'connect', { signal })) as [IncomingMessage, Socket];
  if (statusCode !== 200) throw new Error(`expected a tunnel, not ${statusCode}`);
  socket.resume();
  await once(socket, 'close', { signal });
}
