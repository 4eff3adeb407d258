/**
 * An engine as a process of its own, on free ports of loopback: what an operator would start.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { answersBinding } from '../binding-probe.ts';
import type { EngineName } from '../engine-name.ts';

export const realm = 'ims.example';
export const secret = 'a secret of at least thirty-two characters';
export const previousSecret = 'what was the secret until yesterday, or so';

export interface RunningEngine {
  readonly name: EngineName;
  readonly host: string;
  readonly port: number;
  readonly tlsPort: number;
  /** In PEM, the authority that made the certificate of the TLS port. */
  readonly ca: string;
}

const program = fileURLToPath(new URL('../../main.ts', import.meta.url));
/** A machine that runs all tests at a time takes its time. */
const startMs = 45_000;
const stopMs = 6_000;

export class EngineProcess implements RunningEngine {
  readonly name: EngineName;
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly tlsPort: number;
  readonly ca: string;
  readonly #child: ChildProcess;
  readonly #operationsPort: number;
  #said = '';

  private constructor(name: EngineName, ports: readonly number[], ca: string, environment: NodeJS.ProcessEnv) {
    const [port = 0, tlsPort = 0, operationsPort = 0] = ports;
    this.name = name;
    this.port = port;
    this.tlsPort = tlsPort;
    this.ca = ca;
    this.#operationsPort = operationsPort;
    const own = { TURN_PORT: String(port), OPERATIONS_PORT: String(operationsPort) };
    const tls = environment.TURN_TLS_CERT_FILE === undefined ? {} : { TURN_TLS_PORT: String(tlsPort) };
    this.#child = spawn(process.execPath, [program], {
      env: { PATH: process.env.PATH, TURN_ENGINE: name, LOG_LEVEL: 'warn', ...own, ...tls, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString()).slice(-4_000);
    });
  }

  /** Resolves when it is ready. Rejects with what it said. */
  static async start(name: EngineName, ca: string, environment: NodeJS.ProcessEnv): Promise<EngineProcess> {
    const ports = [await freePort(), await freePort(), await freePort()];
    const started = new EngineProcess(name, ports, ca, environment);
    const deadline = Date.now() + startMs;
    while (!(await started.#isReady())) {
      if (Date.now() > deadline || started.#child.exitCode !== null) {
        await started.stop();
        throw new Error(`${name}: expected it to start; it said:\n${started.#said}`);
      }
      await pause(25);
    }
    return started;
  }

  /** Whether it still does what every server does. */
  async isAlive(): Promise<boolean> {
    return this.#child.exitCode === null && (await answersBinding(this.host, this.port));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends it as an operator does, and if it does not obey, as nobody should. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), stopMs);
    await ended;
    clearTimeout(timer);
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.#operationsPort}/readyz`)).ok;
    } catch {
      return false;
    }
  }
}

/** Free for TCP and for UDP a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const socket = createSocket('udp4').bind({ port, address: '127.0.0.1' });
    const isFree = await once(socket, 'listening').then(
      () => true,
      () => false,
    );
    socket.close();
    server.close();
    await once(server, 'close');
    if (isFree) return port;
  }
}
