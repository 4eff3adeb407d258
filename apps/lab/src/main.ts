/**
 * `npm start`: the lab on the command line.
 *
 * Standard output says where everything is and ends with `ready`; the log goes to standard error.
 *
 * @module
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AddressInUse, ConfigInvalid, type LogLevel, processSchema, readEnvironment } from '@wicgate/node-kit';
import { configSchema as turnConfigSchema } from '@wicgate/turn';
import { type CommandLine, readCommandLine, usage } from './command-line.ts';
import { describeLab } from './describe-lab.ts';
import { CommandLineInvalid, LabError, StateFolderUnusable } from './errors.ts';
import { type Lab, startLab } from './lab.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const drainMs = 4_500;

const commandLine = readOrExit();
const lab = await startOrExit(commandLine);
process.stdout.write(describeLab(lab));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(lab));

function readOrExit(): CommandLine {
  try {
    return readCommandLine(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof CommandLineInvalid)) throw error;
    return exitWith(`${error.message}\n\n${usage}`);
  }
}

async function startOrExit({ portBase, stateFolder, fresh, origins, partner }: CommandLine): Promise<Lab> {
  const folder = stateFolder ?? join(root, '.state', String(portBase));
  try {
    const options = { portBase, stateFolder: folder, fresh, origins, partner };
    return await startLab({ ...options, settings: readTurnEngine(), logLevel: readLogLevel() });
  } catch (error) {
    if (error instanceof AddressInUse) {
      return exitWith(
        `port ${error.port} is already in use. The lab needs the ports from ${portBase} to ${portBase + 119}: ` +
          'end the other program, or move the lab: npm start -- --port-base N\n',
      );
    }
    if (error instanceof StateFolderUnusable) return exitWith(`${error.message}\n\n${usage}`);
    if (error instanceof ConfigInvalid || error instanceof LabError) return exitWith(`npm start: ${error.message}\n`);
    throw error;
  }
}

/** `LOG_LEVEL`, as for a function alone. */
function readLogLevel(): LogLevel {
  return readEnvironment(processSchema, process.env).LOG_LEVEL;
}

/** `TURN_ENGINE`, as for the TURN server alone; looked at before anything is built. */
function readTurnEngine(): Readonly<Record<string, string>> {
  return readEnvironment(turnConfigSchema.pick({ TURN_ENGINE: true }), process.env);
}

function exitWith(text: string): never {
  process.stderr.write(text);
  process.exit(1);
}

function stop(running: Lab): void {
  setTimeout(() => process.exit(1), drainMs).unref();
  running.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}
