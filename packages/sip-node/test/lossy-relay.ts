/**
 * A UDP relay that loses the first copy of every datagram, both ways: only what is sent again gets through.
 *
 * @module
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

export interface LossyRelay {
  readonly port: number;
  /** How many datagrams were lost and how many passed on. */
  readonly counts: { lost: number; passed: number };
}

const host = '127.0.0.1';

/** Between one client, whoever sends first, and the server at `serverPort`. It is gone when the test has finished. */
export async function startLossyRelay(serverPort: number): Promise<LossyRelay> {
  const counts = { lost: 0, passed: 0 };
  const seen = new Set<string>();
  const [towardsClient, towardsServer] = [await bind(), await bind()];
  let clientPort = 0;
  const relay = (octets: Buffer, out: Socket, port: number): void => {
    const text = octets.toString('latin1');
    if (seen.has(text)) {
      counts.passed += 1;
      out.send(octets, port, host);
    } else {
      counts.lost += 1;
      seen.add(text);
    }
  };
  towardsClient.on('message', (octets, { port }) => {
    clientPort = port;
    relay(octets, towardsServer, serverPort);
  });
  towardsServer.on('message', (octets) => relay(octets, towardsClient, clientPort));
  return { port: towardsClient.address().port, counts };
}

async function bind(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, host);
  onTestFinished(() => void socket.close());
  await once(socket, 'listening');
  return socket;
}
