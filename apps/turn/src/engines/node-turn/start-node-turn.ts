/**
 * node-turn, the npm package, as the TURN server: to compare with, not to rely on.
 *
 * @module
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { ConfigInvalid, type Logger, type ProcessContext } from '@wicgate/node-kit';
import type { Config } from '../../config.ts';
import type { TurnLogEvent } from '../../log-event.ts';
import { answersBinding } from '../binding-probe.ts';
import { checkUdpPort } from '../check-ports.ts';
import { externalSettings } from '../external-settings.ts';
import { refuseOperatorCalls } from '../operator-calls.ts';
import type { RunningTurnEngine } from '../start-engine.ts';
import { Supervisor } from '../supervisor.ts';
import { reportUnsupported } from '../unsupported-settings.ts';
import type { NodeTurnSettings } from './settings.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));

/**
 * Resolves once it answers.
 *
 * @throws {AddressInUse}
 * @throws {ConfigInvalid} in production, and where it is not installed.
 * @throws {EngineNotStarted}
 */
export async function startNodeTurn(config: Config, context: ProcessContext): Promise<RunningTurnEngine> {
  const log: Logger<TurnLogEvent> = context.log;
  refuseProduction(process.env.NODE_ENV);
  findPackage();
  reportUnsupported('node-turn', config, log);
  const { TURN_HOST: host, TURN_PORT: port } = config;
  if (port === 0) throw new ConfigInvalid('TURN_PORT: expected a port; node-turn takes none by itself');
  await checkUdpPort({ host, port, setting: 'TURN_PORT' });
  const supervisor = await Supervisor.start({
    engine: 'node-turn',
    prepare: () => ({ command: process.execPath, args: [program], input: `${JSON.stringify(settingsOf(config))}\n` }),
    answers: () => answersBinding(host, port),
    log,
  });
  const allowOperatorCalls = refuseOperatorCalls('node-turn', config, context.operations);
  context.operations.addReadiness('turn', () => supervisor.isReady);
  log.warn({
    event: 'turn.listening',
    engine: 'node-turn',
    host,
    port,
    note: 'for comparison only: it is easily ended',
  });
  return {
    address: { host, port },
    stop: async () => {
      allowOperatorCalls();
      await supervisor.stop();
    },
  };
}

/** @throws {ConfigInvalid} */
function refuseProduction(environment: string | undefined): void {
  if (environment !== 'production') return;
  throw new ConfigInvalid('TURN_ENGINE: expected builtin or coturn in production; one datagram ends node-turn');
}

/** @throws {ConfigInvalid} */
function findPackage(): void {
  try {
    createRequire(import.meta.url).resolve('node-turn');
  } catch (cause) {
    throw new ConfigInvalid('TURN_ENGINE: the npm package node-turn is not installed: take builtin or coturn', {
      cause,
    });
  }
}

function settingsOf(config: Config): NodeTurnSettings {
  const { host, port, realm, secrets, relayHost, relayPorts, maxLifetimeSeconds } = externalSettings(config);
  const [secret] = secrets;
  if (secret === undefined) throw new ConfigInvalid('TURN_SECRET: expected it; node-turn knows no other credentials');
  return {
    host,
    port,
    realm,
    secret,
    relayHost,
    minPort: relayPorts.min,
    maxPort: relayPorts.max,
    maxLifetimeSeconds,
    defaultLifetimeSeconds: config.TURN_DEFAULT_LIFETIME_SECONDS,
  };
}
