/**
 * One function as its own process: configuration, operations listener, drain on SIGTERM.
 *
 * @module
 */
import { z } from 'zod';
import { ConfigInvalid, readEnvironment } from './configuration.ts';
import { AddressInUse } from './listen.ts';
import { Operations } from './operations.ts';
import { createProcessContext, type ProcessContext, type RunningFunction } from './process-context.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings that every process has. */
export const processSchema = z.object({
  OPERATIONS_HOST: z.string().default('127.0.0.1').describe('Address of /healthz, /readyz and /metrics'),
  OPERATIONS_PORT: z.coerce.number().int().min(0).max(65_535).default(0).describe('Its TCP port; 0 takes a free one'),
  LOG_LEVEL: z
    .enum(['silent', 'error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('Least level that is logged'),
});

const stopWithinMs = 5_000;

/**
 * Runs until SIGTERM or SIGINT, then drains and exits 0. A bad configuration or a taken port exits 1 after one
 * readable line on standard error.
 */
export async function runProcess<Config>(
  functionName: string,
  readConfig: (env: Environment) => Config,
  start: (config: Config, context: ProcessContext) => Promise<RunningFunction>,
): Promise<void> {
  const operations = new Operations();
  let running: RunningFunction;
  try {
    const settings = readEnvironment(processSchema, process.env);
    const config = readConfig(process.env);
    const context = createProcessContext(functionName, { operations, level: settings.LOG_LEVEL });
    running = await start(config, context);
    await operations.listen(settings.OPERATIONS_HOST, settings.OPERATIONS_PORT);
    context.log.info({ event: 'process.started' });
  } catch (error) {
    if (!(error instanceof ConfigInvalid || error instanceof AddressInUse)) throw error;
    process.stderr.write(`${functionName}: ${error.message}\n`);
    process.exit(1);
  }
  const stop = (): void => {
    setTimeout(() => process.exit(1), running.stopWithinMs ?? stopWithinMs).unref();
    endAll(running, operations).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** The operations listener last: until then it says that the process is not ready any more. */
async function endAll(running: RunningFunction, operations: Operations): Promise<void> {
  await running.stop();
  await operations.stop();
}
