/**
 * A process whose processor time and memory are looked at from outside, while it does what it always does.
 *
 * It ends with us, however we end: its probe sees the channel close.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Answer, Question, Sample, SelfTime } from './probe.ts';

export interface ProcessOptions {
  readonly name: string;
  /** Its module, from the root of the repository. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** It is ready when this port of 127.0.0.1 is open. */
  readonly port: number;
  /** Folder of its log. */
  readonly folder: string;
}

interface Asked {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const probe = new URL('probe.ts', import.meta.url).href;
const startMs = 60_000;
const answerMs = 30_000;
const stopMs = 6_000;
const pollMs = 50;
const shownLines = 10;

export class MeasuredProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #logFile: string;
  readonly #asked = new Map<number, Asked>();
  #questions = 0;

  private constructor({ name, script, env, folder }: ProcessOptions) {
    this.name = name;
    this.#logFile = join(folder, `${name}.log`);
    const log = openSync(this.#logFile, 'a', 0o600);
    this.#child = spawn(process.execPath, ['--expose-gc', '--import', probe, join(root, script)], {
      env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...env },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.#child.on('message', (answer: Answer) => this.#take(answer));
    this.#child.on('error', (cause) => this.#fail(cause));
    this.#child.on('exit', () => this.#fail(this.#ended()));
  }

  /** Resolves when it is ready. */
  static async start(options: ProcessOptions): Promise<MeasuredProcess> {
    const started = new MeasuredProcess(options);
    try {
      await started.#untilOpen(options.port);
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  /** What it has used until now. */
  sample(): Promise<Sample> {
    return this.#ask('sample');
  }

  /** The same after garbage is collected. */
  settle(): Promise<Sample> {
    return this.#ask('settle');
  }

  async startProfile(): Promise<void> {
    await this.#ask('start profile');
  }

  /** Where its time went since, the greatest first. */
  async stopProfile(): Promise<readonly SelfTime[]> {
    const answer = await this.#ask('stop profile');
    return answer.selfTimes ?? [];
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

  /** The last lines of its log. */
  lastLines(): string {
    return readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-shownLines).join('\n');
  }

  async #untilOpen(port: number): Promise<void> {
    const deadline = Date.now() + startMs;
    while (!(await isOpen(port))) {
      if (this.#hasEnded() || Date.now() > deadline) throw this.#ended();
      await wait(pollMs);
    }
  }

  #ask(ask: Question['ask']): Promise<Answer> {
    if (this.#hasEnded()) return Promise.reject(this.#ended());
    this.#questions += 1;
    const id = this.#questions;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const late = setTimeout(() => reject(new Error(`expected ${this.name} to answer its probe`)), answerMs);
    this.#asked.set(id, { resolve, reject });
    this.#child.send({ id, ask } satisfies Question);
    return promise.finally(() => {
      clearTimeout(late);
      this.#asked.delete(id);
    });
  }

  #take(answer: Answer): void {
    this.#asked.get(answer.id)?.resolve(answer);
  }

  #fail(error: Error): void {
    for (const { reject } of [...this.#asked.values()]) reject(error);
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #ended(): Error {
    return new Error(`expected ${this.name} to run; its log ends with\n${this.lastLines()}`);
  }
}

function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}
