/**
 * I-CSCF, S-CSCF and HSS as one process: they share it until Cx has a Diameter transport.
 *
 * @module
 */
import * as core from '@wicgate/core';
import { createInProcessCx } from '@wicgate/cx';
import * as hss from '@wicgate/hss';
import { type ProcessContext, type RunningFunction, runProcess } from '@wicgate/node-kit';
import { afterOnTimer } from './timer.ts';

interface Config {
  readonly core: core.Config;
  readonly hss: hss.Config;
}

await runProcess('home-network', readConfig, start);

function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return { core: core.readConfig(env), hss: hss.readConfig(env) };
}

async function start(config: Config, context: ProcessContext): Promise<RunningFunction> {
  const cx = createInProcessCx({ after: afterOnTimer });
  const runningHss = await hss.start(config.hss, context, { cx });
  const runningCore = await core.start(config.core, context, { cx });
  return {
    stop: async () => {
      await runningCore.stop();
      await runningHss.stop();
    },
  };
}
