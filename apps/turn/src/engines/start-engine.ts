/**
 * The TURN server, by the engine that the operator chose.
 *
 * @module
 */
import type { ProcessContext, RunningFunction } from '@wicgate/node-kit';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { start as startBuiltin } from '../server.ts';
import { startCoturn } from './coturn/start-coturn.ts';
import type { EngineName } from './engine-name.ts';
import { startNodeTurn } from './node-turn/start-node-turn.ts';

export interface RunningTurnEngine extends RunningFunction {
  /** Where clients reach it, on UDP and, but for node-turn, on TCP. */
  readonly address: { readonly host: string; readonly port: number };
}

const starters: Readonly<
  Record<EngineName, (config: Config, context: ProcessContext, clock?: Clock) => Promise<RunningTurnEngine>>
> = { 'builtin': startBuiltin, 'coturn': startCoturn, 'node-turn': startNodeTurn };

/**
 * Resolves once clients are served.
 *
 * @throws {AddressInUse}
 * @throws {ConfigInvalid} the engine cannot do what the settings ask for, or is not installed.
 * @throws {EngineNotStarted}
 */
export function start(config: Config, context: ProcessContext, clock?: Clock): Promise<RunningTurnEngine> {
  return starters[config.TURN_ENGINE](config, context, clock);
}
