/**
 * One of the programs of `examples` as a child process.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EventLog } from '@wicgate/sip-node/testing';
import { onTestFinished } from 'vitest';

export interface RunningExample {
  /** What it prints, on either output. */
  readonly lines: EventLog<string>;
  /** Its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** It is gone when the test has finished. */
export function startExample(name: string, ...args: readonly string[]): RunningExample {
  const path = fileURLToPath(new URL(`../examples/${name}.ts`, import.meta.url));
  const example: ChildProcess = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void example.kill('SIGKILL'));
  const lines = new EventLog<string>();
  for (const output of [example.stdout, example.stderr]) {
    if (output !== null) createInterface({ input: output }).on('line', (line) => lines.add(line));
  }
  return { lines, ended: once(example, 'close').then(([code]) => code as number | null) };
}
