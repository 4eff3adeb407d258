/**
 * The TURN server as a process of its own, whose memory can be measured and whose end is noticed.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const startMs = 20_000;
/** Characters of the log that are kept for who asks why it did not start. */
const mostSaid = 4_000;
const realm = 'ims.example';
/** Nothing is left to give back when so many collections in a row gave nothing. */
const settledAfter = 5;

export interface ServerProcessSettings {
  readonly secret: string;
  readonly settings?: Readonly<Record<string, string>>;
}

export class ServerProcess {
  readonly address: { readonly host: string; readonly port: number };
  /** What it logged as a defect, and lines that are no log. */
  readonly errors: readonly string[];
  readonly #child: ChildProcess;
  readonly #operations: string;

  private constructor(child: ChildProcess, port: number, operationsPort: number, errors: readonly string[]) {
    this.#child = child;
    this.address = { host: '127.0.0.1', port };
    this.errors = errors;
    this.#operations = `http://127.0.0.1:${operationsPort}`;
  }

  /** Resolves once clients are served. */
  static async start({ secret, settings = {} }: ServerProcessSettings): Promise<ServerProcess> {
    const operationsPort = await findFreePort();
    const env = {
      PATH: process.env.PATH ?? '',
      TURN_PORT: '0',
      TURN_REALM: realm,
      TURN_SECRET: secret,
      TURN_ALLOW_LOOPBACK_PEERS: 'true',
      OPERATIONS_PORT: String(operationsPort),
      ...settings,
    };
    const options = ['--expose-gc', '--import', './e2e/faults/collect-on-signal.ts'];
    const child = spawn(process.execPath, [...options, 'apps/turn/src/main.ts'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    const errors: string[] = [];
    const port = await untilStarted(child, errors);
    return new ServerProcess(child, port, operationsPort, errors);
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resident memory in MB once collecting garbage gives nothing more back. */
  async residentMegabytes(): Promise<number> {
    let least = await this.#collectAndMeasure();
    for (let unchanged = 0; unchanged < settledAfter; ) {
      const next = await this.#collectAndMeasure();
      unchanged = next < least - 0.5 ? 0 : unchanged + 1;
      least = Math.min(least, next);
    }
    return least;
  }

  /** Its own metrics, a line each. */
  async counters(): Promise<readonly string[]> {
    return (await this.#metrics()).split('\n').filter((line) => line.startsWith('turn_'));
  }

  /** Asks it to end. */
  signal(): void {
    this.#child.kill('SIGTERM');
  }

  /** Resolves with the exit code. */
  async stop(): Promise<number | null> {
    const ended = this.ended();
    this.signal();
    return ended;
  }

  /** Resolves with the exit code once it has ended by itself. */
  async ended(): Promise<number | null> {
    if (this.isRunning) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  /** At once, whatever it does. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended();
  }

  /** Whether it says that it takes clients. */
  async isReady(): Promise<boolean> {
    return (await fetch(`${this.#operations}/readyz`)).ok;
  }

  async #metrics(): Promise<string> {
    const answer = await fetch(`${this.#operations}/metrics`);
    return answer.text();
  }

  async #collectAndMeasure(): Promise<number> {
    this.#child.kill('SIGUSR2');
    await fetch(`${this.#operations}/healthz`);
    const octets = /^process_resident_memory_bytes (\S+)$/mu.exec(await this.#metrics())?.[1];
    return Number(octets) / 1_048_576;
  }
}

/** The port on which it listens. What it logs as an error is kept, for as long as it lives. */
function untilStarted(child: ChildProcess, errors: string[]): Promise<number> {
  let port = 0;
  let said = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no server within ${startMs} ms: ${said}`)), startMs);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
    const read = (line: string): void => {
      if (said.length < mostSaid) said += `${line}\n`;
      if (line.includes('.failed"') || !line.startsWith('{')) errors.push(line);
      if (line.includes('"turn.listening"')) port ||= (JSON.parse(line) as { readonly port: number }).port;
      if (!line.includes('"process.started"')) return;
      clearTimeout(timer);
      resolve(port);
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', read);
    }
  });
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
