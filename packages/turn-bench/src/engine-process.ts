/**
 * An engine as a process, whose processor time and memory are read from outside (proc(5)).
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { method } from '@wicgate/stun';
import { encodeUnprotected, type PasswordLogin, type ServerAddress } from '@wicgate/turn-client';

export interface EngineSettings {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly server: ServerAddress;
  readonly login: PasswordLogin;
  /** Folder of its log. */
  readonly folder: string;
}

export interface Memory {
  readonly residentOctets: number;
  /** What is shared with other processes counts by its share. */
  readonly proportionalOctets: number;
}

const startMs = 20_000;
const pollMs = 100;
const stopMs = 5_000;
const shownLines = 10;
/** Linux counts processor time in these for every program, whatever its own clock. */
const ticksPerSecond = 100;

export class EngineProcess {
  readonly name: string;
  readonly server: ServerAddress;
  readonly login: PasswordLogin;
  readonly #child: ChildProcess;
  readonly #logFile: string;
  #failure: Error | undefined;

  private constructor({ name, command, args, env, server, login, folder }: EngineSettings) {
    this.name = name;
    this.server = server;
    this.login = login;
    this.#logFile = join(folder, `${name}.log`);
    const log = openSync(this.#logFile, 'a', 0o600);
    this.#child = spawn(command, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child.on('error', (cause) => {
      this.#failure = cause;
    });
  }

  /** Resolves when it answers a Binding request. */
  static async start(settings: EngineSettings): Promise<EngineProcess> {
    const engine = new EngineProcess(settings);
    try {
      await engine.#untilAnswering();
      return engine;
    } catch (error) {
      await engine.stop();
      throw error;
    }
  }

  /** Of all its threads, in user and kernel, since it started. */
  cpuSeconds(): number {
    const fields = this.#read('stat')
      .replace(/^.*\) /su, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }

  memory(): Memory {
    const rollup = this.#read('smaps_rollup');
    const octetsOf = (name: string): number =>
      1_024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'mu').exec(rollup)?.[1] ?? Number.NaN);
    return { residentOctets: octetsOf('Rss'), proportionalOctets: octetsOf('Pss') };
  }

  /** Resolves when it is gone. */
  async stop(): Promise<void> {
    if (this.#hasEnded()) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const cut = setTimeout(() => this.#child.kill('SIGKILL'), stopMs);
    await gone;
    clearTimeout(cut);
  }

  /** At once, for when this process ends. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #read(name: string): string {
    if (this.#hasEnded()) throw this.#ended();
    return readFileSync(`/proc/${this.#child.pid}/${name}`, 'latin1');
  }

  async #untilAnswering(): Promise<void> {
    const socket = createSocket('udp4');
    socket.on('error', () => undefined);
    let answered = false;
    socket.on('message', () => {
      answered = true;
    });
    try {
      for (const deadline = Date.now() + startMs; !answered; await wait(pollMs)) {
        if (this.#hasEnded() || Date.now() > deadline) throw this.#ended();
        socket.send(encodeUnprotected('request', method.Binding, []), this.server.port, this.server.host);
      }
    } finally {
      socket.close();
    }
  }

  #hasEnded(): boolean {
    return this.#failure !== undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #ended(): Error {
    const lines = readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-shownLines).join('\n');
    return new Error(`expected ${this.name} to run; its log ends with\n${lines}`, { cause: this.#failure });
  }
}
