/**
 * A program of somebody else that runs as our child and never outlives us.
 *
 * Its standard input is a pipe that only this process holds: when this process ends, however it ends, the pipe ends
 * too, and so does the child. A program that does not watch its input itself is started by {@link leashed}.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ChildProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Written to its standard input, which then stays open; the way in for secrets. */
  readonly input: string;
}

export interface RunningChild {
  /** Resolves when it has ended, with what is known about how. */
  readonly ended: Promise<string>;
  /** Asks it to end; kills it, and what it started, where it has not within the time. */
  stop(): Promise<void>;
}

const patienceMs = 2_000;
const maxLineLength = 500;

/**
 * Beside the program runs a watcher that reads until the pipe ends, and then removes the folder and ends the program.
 * TERM to the shell is handed on; the shell ends as the program does. What the shell itself says is nobody's business,
 * and there may be nobody left to hear it.
 */
const leashScript = `
folder=$1; shift
exec 3<&0 4>&2 2>/dev/null
trap 'asked=1; kill "$program"' TERM
"$@" </dev/null 2>&4 3<&- 4>&- & program=$!
{ read -r _; rm -rf "$folder"; kill "$program"; sleep 2; kill -9 "$program"; } <&3 4>&- & watcher=$!
exec 3<&- 4>&-
[ -z "$asked" ] || kill "$program"
wait "$program"; status=$?
while kill -0 "$program"; do wait "$program"; status=$?; done
kill "$watcher"
exit "$status"
`;

/** The program, which does not watch its standard input itself: when it ends with us, its folder goes too. */
export function leashed(command: string, args: readonly string[], folder: string): ChildProgram {
  return { command: '/bin/sh', args: ['-c', leashScript, 'leash', folder, command, ...args], input: '' };
}

/** Starts it in a process group of its own; `onLine` hears what it says, line by line. */
export function startChild({ command, args, input }: ChildProgram, onLine: (line: string) => void): RunningChild {
  const child = spawn(command, args, { stdio: 'pipe', detached: true });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => onLine(line.slice(0, maxLineLength)));
  }
  // It may end before it has read.
  child.stdin.on('error', () => undefined);
  if (input !== '') child.stdin.write(input);
  const ended = endOf(child);
  return { ended, stop: () => stopChild(child, ended) };
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return signal === null ? `exit code ${code}` : `signal ${signal}`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? `not started: ${String(error.code)}` : 'not started';
  } finally {
    child.stdin?.destroy();
    // What it may have left behind.
    killGroup(child);
  }
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => killGroup(child), patienceMs);
  await ended;
  clearTimeout(timer);
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
