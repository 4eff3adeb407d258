/**
 * What it takes to be reached at all: TLS handshakes, and secure WebSockets, with no message behind them.
 *
 * @module
 */
import { once } from 'node:events';
import { connect } from 'node:tls';
import { runLoop } from './closed-loop.ts';
import type { Plan } from './plan.ts';
import type { System } from './testbed.ts';
import { closeSocket, type Doorway, openSocket } from './wic.ts';

export interface Handshakes {
  readonly name: string;
  /** Milliseconds of processor time of the accepting process, each. */
  readonly cpuMs: number;
}

const sorts: readonly { readonly name: string; readonly run: (doorway: Doorway) => Promise<void> }[] = [
  { name: 'TLS handshake', run: shakeHands },
  { name: 'secure WebSocket opened and closed', run: async (doorway) => closeSocket(await openSocket(doorway)) },
];

export async function measureHandshakes(system: System, plan: Plan): Promise<readonly Handshakes[]> {
  const measured: Handshakes[] = [];
  for (const { name, run } of sorts) {
    const before = await cpuOf(system);
    const limits = { count: plan.connections, concurrency: plan.concurrency, timeMs: plan.initialMs };
    const { done } = await runLoop(limits, () => run(system));
    measured.push({ name, cpuMs: ((await cpuOf(system)) - before) / done });
  }
  return measured;
}

async function cpuOf({ processes }: System): Promise<number> {
  const samples = await Promise.all(processes.map((process) => process.sample()));
  return samples.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** Never resumed: each call offers no session. */
async function shakeHands({ port, ca }: Doorway): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port, ca, servername: 'localhost' });
  socket.resume();
  await once(socket, 'secureConnect');
  const closed = once(socket, 'close');
  socket.end();
  await closed;
}
