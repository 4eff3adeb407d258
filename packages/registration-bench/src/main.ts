/**
 * `pnpm bench:registration`: prints what a registration costs, beside a bare relay of the same messages.
 *
 * @module
 */
import { parseArgs } from 'node:util';
import { runBenchmark } from './benchmark.ts';
import { quickPlan, wholePlan } from './plan.ts';
import { formatProfile, profileAll } from './profile.ts';
import { formatMachine, formatReport } from './report.ts';

const usage = `pnpm bench:registration [--quick] [--profile]
  --quick    about 15 seconds instead of a minute
  --profile  where the time goes, function by function, instead of what it costs
`;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

// The other processes end with this one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const { values } = readArguments();
const plan = values.quick === true ? quickPlan : wholePlan;
for (const line of formatMachine()) print(line);
print('');
if (values.profile === true) {
  for (const profiled of await profileAll(plan)) for (const line of formatProfile(profiled)) print(line);
} else {
  for (const line of formatReport(await runBenchmark(plan))) print(line);
}

function readArguments() {
  try {
    return parseArgs({ options: { quick: { type: 'boolean' }, profile: { type: 'boolean' } } });
  } catch {
    process.stderr.write(usage);
    process.exit(1);
  }
}
