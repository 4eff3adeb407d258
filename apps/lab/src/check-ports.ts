/**
 * Whether the ports of a lab are free, found out before the lab changes anything.
 *
 * @module
 */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { type ListenAddress, listen, listenAt } from '@wicgate/node-kit';
import type { LabPorts } from './ports.ts';

/** @throws {AddressInUse} for the first one, in order of number, that somebody listens on. */
export async function checkPorts({ turnRelayMin, turnRelayMax, ...listeners }: LabPorts): Promise<void> {
  const datagrams = [listeners.iCscf, listeners.sCscf, listeners.turn];
  for (const port of Object.values(listeners).toSorted((one, other) => one - other)) {
    const address: ListenAddress = { host: '127.0.0.1', port, setting: '--port-base' };
    await checkStreams(address);
    if (datagrams.includes(port)) await listenAt(address, checkDatagrams);
  }
}

async function checkStreams(address: ListenAddress): Promise<void> {
  const server = createServer();
  await listen(server, address);
  await new Promise((resolve) => server.close(resolve));
}

function checkDatagrams({ host, port }: ListenAddress): Promise<void> {
  const socket = createSocket('udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(port, host, () => socket.close(() => resolve()));
  });
}
