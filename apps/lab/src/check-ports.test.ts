import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { checkPorts } from './check-ports.ts';
import { portsFrom } from './ports.ts';

const cleanUp: (() => void)[] = [];

afterEach(() => {
  for (const close of cleanUp.splice(0)) close();
});

/** Ports of which one is taken, and all others free to take. */
function portsWith(taken: Partial<ReturnType<typeof portsFrom>>): ReturnType<typeof portsFrom> {
  const free = Object.fromEntries(Object.keys(portsFrom(0)).map((name) => [name, 0]));
  return { ...(free as ReturnType<typeof portsFrom>), ...taken };
}

async function takeStreams(): Promise<number> {
  const server = createServer();
  cleanUp.push(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function takeDatagrams(): Promise<number> {
  const socket = createSocket('udp4');
  cleanUp.push(() => socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket.address().port;
}

describe('[npm start] ports', () => {
  it('[npm start] are free', async () => {
    await expect(checkPorts(portsWith({}))).resolves.toBeUndefined();
  });

  it.each(['wwsf', 'hss', 'operations'] as const)('[npm start] names the one of %s that is taken', async (name) => {
    const port = await takeStreams();
    await expect(checkPorts(portsWith({ [name]: port }))).rejects.toMatchObject({ code: 'ERR_ADDRESS_IN_USE', port });
  });

  it.each(['iCscf', 'sCscf', 'turn'] as const)('[npm start] names that of %s, taken on UDP only', async (name) => {
    const port = await takeDatagrams();
    await expect(checkPorts(portsWith({ [name]: port }))).rejects.toMatchObject({ code: 'ERR_ADDRESS_IN_USE', port });
  });
});
