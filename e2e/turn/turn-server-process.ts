/**
 * A second TURN server beside that of a lab, as a process of its own: same realm and Km, the next address.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Lab } from '@wicgate/lab';

const program = fileURLToPath(new URL('../../apps/turn/src/main.ts', import.meta.url));
const startTimeoutMs = 30_000;

export const secondHost = '127.0.0.2';

export class TurnServerProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
    // A test that fails half-way ends its worker: nothing of it may live on.
    const end = (): boolean => child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
  }

  /** Listens on the lab's TURN port at {@link secondHost}, and relays from there. */
  static async start({ caFile, ports, homeDomain }: Lab): Promise<TurnServerProcess> {
    const { turn: secret } = JSON.parse(readFileSync(join(dirname(caFile), '..', 'secrets.json'), 'utf8')) as {
      readonly turn: string;
    };
    const env = {
      PATH: process.env.PATH ?? '',
      TURN_HOST: secondHost,
      TURN_PORT: String(ports.turn),
      TURN_REALM: homeDomain,
      TURN_SECRET: secret,
      TURN_RELAY_HOST: secondHost,
      TURN_RELAY_PORT_MIN: String(ports.turnRelayMin),
      TURN_RELAY_PORT_MAX: String(ports.turnRelayMax),
      TURN_ALLOW_LOOPBACK_PEERS: 'true',
    };
    const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new TurnServerProcess(child);
    await server.#listening();
    return server;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }

  async #listening(): Promise<void> {
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new TypeError('expected pipes');
    const signal = AbortSignal.timeout(startTimeoutMs);
    const says = [stdout, stderr].map((stream) => isSaid(createInterface({ input: stream, signal })));
    if (!(await Promise.any(says))) throw new Error('expected the second TURN server to listen');
  }
}

/** Rejects where the stream ends before. */
async function isSaid(lines: AsyncIterable<string>): Promise<true> {
  for await (const line of lines) if (line.includes('"turn.listening"')) return true;
  throw new Error('expected the TURN server to say that it listens');
}
