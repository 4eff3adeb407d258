/**
 * `npm run test:long`: what takes longer than anybody waits for before a commit. Fuzzing, property tests with seeds
 * of their own, the benchmark.
 *
 * @module
 */
import { TestRun } from './test-run.mjs';
import { prepareWorkspace } from './workspace.mjs';

const env = { ...process.env };
const run = new TestRun(env);
try {
  Object.assign(env, prepareWorkspace());
  const seed = String(Date.now() % 2_147_483_647);
  process.stdout.write(`seed ${seed}\n`);
  env.PROPERTY_SEED = seed;
  await run.unitTests('unit-properties', ['packages/sip']);
  await run.check('fuzzing SIP messages', [
    'packages/sip/test/fuzz/fuzz-messages.ts',
    '--executions',
    '5000000',
    '--seed',
    seed,
  ]);
  await run.check('fuzzing the TURN server', [
    'apps/turn/test/fuzz/fuzz-turn.ts',
    '--executions',
    '1000000',
    '--relayed',
    '100000',
    '--seed',
    seed,
  ]);
  await run.check('benchmark', ['packages/sip-bench/src/main.ts']);
} catch (error) {
  run.fail(error);
}
run.end();
