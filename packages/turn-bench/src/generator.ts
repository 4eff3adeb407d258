/**
 * The threads that load an engine, and what they have counted.
 *
 * @module
 */
import { Worker } from 'node:worker_threads';
import type { PasswordLogin, ServerAddress } from '@wicgate/turn-client';
import type { EngineProcess } from './engine-process.ts';
import { receivedAt, sentAt } from './flow.ts';
import type { MediaCase } from './media-case.ts';

export interface GeneratorSettings {
  readonly server: ServerAddress;
  readonly login: PasswordLogin;
  /** Two numbers: packets that arrived, packets sent. */
  readonly tally: SharedArrayBuffer;
}

export type Question =
  | { readonly ask: 'open'; readonly flows: number }
  | { readonly ask: 'bind' | 'stop' | 'close' }
  | { readonly ask: 'start'; readonly media: MediaCase; readonly window: number }
  | { readonly ask: 'allocate'; readonly count: number; readonly concurrency: number };

export interface Answer {
  readonly id: number;
  readonly value?: number;
  readonly error?: string;
}

interface Asked {
  readonly resolve: (value: number) => void;
  readonly reject: (error: Error) => void;
}

const answerMs = 60_000;

export class Generator {
  readonly #engine: string;
  readonly #worker: Worker;
  readonly #tally: Float64Array;
  readonly #asked = new Map<number, Asked>();
  #questions = 0;

  constructor({ name, server, login }: EngineProcess) {
    this.#engine = name;
    const tally = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
    this.#tally = new Float64Array(tally);
    const workerData: GeneratorSettings = { server, login, tally };
    this.#worker = new Worker(new URL('generator-worker.ts', import.meta.url), { workerData });
    this.#worker.on('message', (answer: Answer) => this.#take(answer));
    this.#worker.on('error', (error) => {
      for (const { reject } of [...this.#asked.values()]) reject(error);
    });
  }

  get received(): number {
    return this.#tally[receivedAt] ?? 0;
  }

  get sent(): number {
    return this.#tally[sentAt] ?? 0;
  }

  /** Resolves with what was counted for the question. Rejects after a minute. */
  ask(question: Question): Promise<number> {
    this.#questions += 1;
    const id = this.#questions;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const late = setTimeout(
      () => reject(new Error(`${this.#engine}: expected the generator to ${question.ask} in time`)),
      answerMs,
    );
    this.#asked.set(id, { resolve, reject });
    this.#worker.postMessage({ id, question });
    return promise.finally(() => {
      clearTimeout(late);
      this.#asked.delete(id);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #take({ id, value, error }: Answer): void {
    const asked = this.#asked.get(id);
    if (value !== undefined) asked?.resolve(value);
    else asked?.reject(new Error(`${this.#engine}: ${error}`));
  }
}
