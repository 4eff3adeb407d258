/**
 * coturn as the TURN server, configured by our settings and run as our child.
 *
 * @module
 */
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ConfigInvalid, type Logger, type ProcessContext } from '@wicgate/node-kit';
import type { Config } from '../../config.ts';
import type { TurnLogEvent } from '../../log-event.ts';
import { answersBinding } from '../binding-probe.ts';
import { checkTcpPort, checkUdpPort } from '../check-ports.ts';
import { leashed } from '../child-program.ts';
import { type ExternalSettings, externalSettings } from '../external-settings.ts';
import { refuseOperatorCalls } from '../operator-calls.ts';
import type { RunningTurnEngine } from '../start-engine.ts';
import { Supervisor } from '../supervisor.ts';
import { reportUnsupported } from '../unsupported-settings.ts';
import { formatTurnserverConfiguration } from './turnserver-configuration.ts';
import { createUserDatabase } from './user-database.ts';

/**
 * Resolves once coturn answers.
 *
 * @throws {AddressInUse}
 * @throws {ConfigInvalid} it is not installed, or cannot do what a setting asks for.
 * @throws {EngineNotStarted}
 */
export async function startCoturn(config: Config, context: ProcessContext): Promise<RunningTurnEngine> {
  const log: Logger<TurnLogEvent> = context.log;
  const command = findTurnserver(process.env.PATH ?? '');
  reportUnsupported('coturn', config, log);
  const settings = externalSettings(config);
  const { host, port } = settings;
  await checkPorts(settings);
  const folder = mkdtempSync(join(tmpdir(), 'wicgate-coturn-'));
  const supervisor = await Supervisor.start({
    engine: 'coturn',
    prepare: () => leashed(command, ['-c', writeFiles(settings, folder)], folder),
    answers: () => answersBinding(host, port),
    log,
  }).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const allowOperatorCalls = refuseOperatorCalls('coturn', config, context.operations);
  context.operations.addReadiness('turn', () => supervisor.isReady);
  log.info({ event: 'turn.listening', engine: 'coturn', host, port });
  return {
    address: { host, port },
    stop: async () => {
      allowOperatorCalls();
      await supervisor.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @throws {ConfigInvalid} */
function findTurnserver(path: string): string {
  const found = path.split(delimiter).find((folder) => isProgram(join(folder, 'turnserver')));
  if (found !== undefined) return join(found, 'turnserver');
  throw new ConfigInvalid(
    'TURN_ENGINE: coturn is not installed (no turnserver in PATH): install it, or take the engine builtin',
  );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function checkPorts({ host, port, tls }: ExternalSettings): Promise<void> {
  if (port === 0) throw new ConfigInvalid('TURN_PORT: expected a port; coturn takes none by itself');
  await checkTcpPort({ host, port, setting: 'TURN_PORT' });
  await checkUdpPort({ host, port, setting: 'TURN_PORT' });
  if (tls?.port === undefined) return;
  if (tls.port === 0) throw new ConfigInvalid('TURN_TLS_PORT: expected a port; coturn takes none by itself');
  await checkTcpPort({ host, port: tls.port, setting: 'TURN_TLS_PORT' });
  await checkUdpPort({ host, port: tls.port, setting: 'TURN_TLS_PORT' });
}

/** Writes what coturn reads, for this user's eyes only: the path of its configuration. */
function writeFiles(settings: ExternalSettings, folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  createUserDatabase(join(folder, 'turndb'), settings.realm, settings.oauth?.keys ?? []);
  const file = join(folder, 'turnserver.conf');
  writeFileSync(file, formatTurnserverConfiguration(settings, folder), { mode: 0o600, flag: 'wx' });
  return file;
}
