/**
 * Starts the WWSF.
 *
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';
import { listen, type ProcessContext, type RunningFunction } from '@wicgate/node-kit';
import type { Config } from './config.ts';
import { createParts, type Parts } from './parts.ts';
import { addRoutes } from './routes.ts';

export interface RunningWwsf extends RunningFunction {
  readonly origin: string;
}

/** Requests and renewals under way have this long to end. */
const graceMs = 3_500;

/** @throws {ConfigInvalid | AddressInUse} */
export async function start(config: Config, context: ProcessContext): Promise<RunningWwsf> {
  const parts = await createParts(config, context);
  await addRoutes(parts);
  const { app } = parts.server;
  await app.ready();
  try {
    await listen(app.server, { host: config.WWSF_HOST, port: config.WWSF_PORT, setting: 'WWSF_PORT' });
  } catch (error) {
    await stop(parts);
    throw error;
  }
  parts.waf.start();
  parts.pool?.start();
  parts.orphanedTokens.start();
  context.operations.addReadiness(`wwsf ${config.WWSF_ORIGIN}`, () => parts.waf.isKnown());
  context.log.info({ event: 'wwsf.listening', origin: config.WWSF_ORIGIN });
  return { origin: config.WWSF_ORIGIN, stop: () => stop(parts) };
}

/** A renewal that is cut off loses its rotated token, and with it the session: it gets the grace too. */
async function stop({ server, waf, state, pool, accessTokens, orphanedTokens }: Parts): Promise<void> {
  const startedAt = performance.now();
  await server.stop(graceMs);
  const leftMs = Math.max(0, graceMs - (performance.now() - startedAt));
  const settled = Promise.all([accessTokens.settle(), pool?.stop(), orphanedTokens.stop()]);
  await Promise.race([settled, delay(leftMs, undefined, { ref: false })]);
  waf.stop();
  // What a closed connection to the WAF cut off ends at once; the database must still be there for it.
  await Promise.all([pool?.stop(), orphanedTokens.stop()]);
  await state.close();
}
