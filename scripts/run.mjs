/**
 * Starts one program of the workspace: `node scripts/run.mjs apps/lab/src/main.ts …`.
 *
 * @module
 */
import { prepareWorkspace, runForwardingSignals } from './workspace.mjs';

const [program, ...args] = process.argv.slice(2);
try {
  const env = prepareWorkspace();
  process.exitCode = await runForwardingSignals('node', [program, ...args], env);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
