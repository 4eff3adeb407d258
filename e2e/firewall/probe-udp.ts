/**
 * Whether a TURN server is reached by UDP from some network.
 *
 * @module
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(new URL('udp-probe.ts', import.meta.url));
const patienceMs = 20_000;

/** `answered`, `silence` or the code of the socket's error. `prefix` is the command that runs a program there. */
export async function probeUdp(
  prefix: readonly string[],
  { address, port }: { readonly address: string; readonly port: number },
): Promise<string> {
  const [command = '', ...args] = [...prefix, process.execPath, program, address, String(port)];
  const { stdout } = await promisify(execFile)(command, args, { timeout: patienceMs });
  return stdout.trim();
}
