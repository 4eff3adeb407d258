/**
 * The lab as a process of its own, started as `npm start` starts it.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const startTimeoutMs = 60_000;

/** How many ports from its base a lab listens on all the time. */
const fixedPorts = 17;

/**
 * The first port base from `first` up, in steps of 200, whose ports nobody listens on. Labs of workers are at 20,000 and
 * above (fixtures.ts): who asks here begins below, 2,000 ports from whoever else does, and has them to itself.
 */
export async function findFreePorts(first: number): Promise<number> {
  for (let base = first; base < first + 2_000; base += 200) {
    const ports = Array.from({ length: fixedPorts }, (_, offset) => base + offset);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return base;
  }
  throw new Error(`expected a free port range from ${first} up`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

export class LabProcess {
  readonly portBase: number;
  readonly #child: ChildProcess;
  #output = '';
  #log = '';

  private constructor(child: ChildProcess, portBase: number) {
    this.#child = child;
    this.portBase = portBase;
    // A test that fails half-way ends its worker: nothing of it may live on.
    const end = (): boolean => child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#log += chunk.toString();
    });
  }

  /** Starts it and returns at once. */
  static spawn(portBase: number, stateFolder: string, args: readonly string[] = []): LabProcess {
    const program = ['apps/lab/src/main.ts', '--port-base', String(portBase), '--state', stateFolder, ...args];
    return new LabProcess(
      spawn(process.execPath, ['--expose-gc', '--import', './e2e/faults/collect-on-signal.ts', ...program], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
      portBase,
    );
  }

  /** Starts it and resolves when it has said `ready`. */
  static async start(portBase: number, stateFolder: string, args: readonly string[] = []): Promise<LabProcess> {
    const lab = LabProcess.spawn(portBase, stateFolder, args);
    await lab.#ready();
    return lab;
  }

  get output(): string {
    return this.#output;
  }

  get log(): string {
    return this.#log;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves with the exit code and how long it took, in milliseconds. */
  async stop(): Promise<{ code: number | null; tookMs: number }> {
    const start = performance.now();
    if (this.isRunning) this.#child.kill('SIGTERM');
    return { code: await this.exited(), tookMs: performance.now() - start };
  }

  async exited(): Promise<number | null> {
    if (this.isRunning) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  /**
   * Resident memory in MB once collecting garbage gives nothing more back: V8 returns its pages behind the scenes,
   * a moment after the collection that emptied them.
   */
  async settledMegabytes(): Promise<number> {
    let least = await this.#residentMegabytes();
    for (let unchanged = 0; unchanged < 5; ) {
      const next = await this.#residentMegabytes();
      unchanged = next < least - 0.5 ? 0 : unchanged + 1;
      least = Math.min(least, next);
    }
    return least;
  }

  async #residentMegabytes(): Promise<number> {
    this.#child.kill('SIGUSR2');
    await fetch(`http://127.0.0.1:${this.portBase + 11}/healthz`);
    const [octets = 0] = await this.#metrics(/^process_resident_memory_bytes (\S+)$/gmu);
    return octets / 1_000_000;
  }

  /** SIP transactions that live in all functions: those of datagrams stay for 32 s after their answer. */
  async transactions(): Promise<number> {
    const counts = await this.#metrics(/^[a-z_]+_transactions(?:\{[^}]*\})? (\S+)$/gmu);
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async #metrics(pattern: RegExp): Promise<readonly number[]> {
    const text = await (await fetch(`http://127.0.0.1:${this.portBase + 11}/metrics`)).text();
    return [...text.matchAll(pattern)].map(([, value]) => Number(value));
  }

  #ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`not ready: ${this.#log.slice(-2_000)}`)), startTimeoutMs);
      this.#child.once('exit', () => reject(new Error(`ended: ${this.#log.slice(-2_000)}`)));
      this.#child.stdout?.on('data', () => {
        if (!this.#output.endsWith('\nready\n')) return;
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
