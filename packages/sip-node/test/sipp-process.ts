/**
 * SIPp, a stranger's SIP implementation, as a child process that runs one scenario.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { findFreePort, isTaken } from './free-port.ts';

export const sippPath = '/usr/bin/sipp';
export const hasSipp: boolean = existsSync(sippPath);

export interface SippOptions {
  /** Name of a file in `sipp`, without its ending. */
  readonly scenario: string;
  readonly transport: 'UDP' | 'TCP';
  /** Of 127.0.0.1, for scenarios that begin; the others wait to be called. */
  readonly remotePort?: number;
  /** How many calls make up the run; 5 unless given. */
  readonly calls?: number;
  readonly args?: readonly string[];
}

export interface SippRun {
  readonly port: number;
  /** Resolves when all calls went as the scenario says; rejects with what SIPp has to say. */
  readonly done: Promise<void>;
}

const timeoutSeconds = 20;
const maxStarts = 3;
/** SIPp's exit code when it cannot bind its port. */
const cannotBind = 254;
const maxLogCharacters = 20_000;

/** Starts SIPp; one that waits for calls is ready for them then. It is gone when the test has finished. */
export async function startSipp(options: SippOptions): Promise<SippRun> {
  const folder = mkdtempSync(join(tmpdir(), 'sipp-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (let starts = 1; ; starts += 1) {
    const port = await findFreePort();
    const sipp = spawn(sippPath, argumentsOf(options, port, folder), { cwd: folder, stdio: 'ignore' });
    onTestFinished(() => void sipp.kill('SIGKILL'));
    const exited = once(sipp, 'exit');
    await (options.remotePort === undefined ? untilBound(sipp, options.transport, port) : undefined);
    if (sipp.exitCode === cannotBind && starts < maxStarts) continue;
    const done = exited.then(() => {
      if (sipp.exitCode !== 0) throw new Error(`${options.scenario}: ${outcomeOf(sipp)}\n${readLogs(folder)}`);
    });
    // Whoever awaits it later is told all the same.
    done.catch(() => undefined);
    return { port, done };
  }
}

function argumentsOf(
  { scenario, transport, remotePort, calls = 5, args = [] }: SippOptions,
  port: number,
  folder: string,
) {
  return [
    ...(remotePort === undefined ? [] : [`127.0.0.1:${remotePort}`]),
    ...['-sf', fileURLToPath(new URL(`sipp/${scenario}.xml`, import.meta.url))],
    ...['-t', transport === 'UDP' ? 'u1' : 't1', '-i', '127.0.0.1', '-bind_local', '-p', String(port)],
    ...['-m', String(calls), '-r', '50', '-nostdin', '-timeout', `${timeoutSeconds}s`, '-timeout_error'],
    ...['-trace_err', '-error_file', join(folder, 'errors.log')],
    ...['-trace_msg', '-message_file', join(folder, 'messages.log')],
    ...args,
  ];
}

async function untilBound(sipp: ChildProcess, transport: 'UDP' | 'TCP', port: number): Promise<void> {
  const protocol = transport === 'UDP' ? 'udp' : 'tcp';
  while (sipp.exitCode === null && sipp.signalCode === null && !isTaken(protocol, port)) await wait(10);
}

function outcomeOf({ exitCode, signalCode }: ChildProcess): string {
  return exitCode === null ? `SIPp was ended by ${signalCode}` : `SIPp ended with ${exitCode}`;
}

/** What it complained about, and the end of what it sent and received. */
function readLogs(folder: string): string {
  return ['errors.log', 'messages.log']
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8').slice(-maxLogCharacters))
    .join('\n');
}
