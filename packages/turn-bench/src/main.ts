/**
 * `pnpm bench:turn`: prints what relaying costs our engine, beside coturn and node-turn in the same run.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runBenchmark } from './benchmark.ts';
import { EngineProcess } from './engine-process.ts';
import { type EngineName, engineNames, prepareEngine } from './engines.ts';
import { findFreePort } from './find-free-port.ts';
import { quickPlan, wholePlan } from './plan.ts';
import { formatMachine, formatReport, reportJson } from './report.ts';

const usage = `pnpm bench:turn [--quick] [--engines builtin,coturn,node-turn,bare] [--json FILE]
  --quick    about half a minute instead of two
  --engines  only these, in this order
  --json     the figures as JSON, besides
`;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const { quick, engines: names, json } = readArguments();
const plan = quick ? quickPlan : wholePlan;
const folder = mkdtempSync(join(tmpdir(), 'turn-bench-'));
const engines: EngineProcess[] = [];
// However this ends, the engines end too.
process.on('exit', () => {
  for (const engine of engines) engine.kill();
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

for (const line of formatMachine()) print(line);
for (const name of names) {
  const candidate = prepareEngine(name, { folder, port: await findFreePort() });
  if ('missing' in candidate) print(`${name} is left out: ${candidate.missing}`);
  else engines.push(await EngineProcess.start(candidate));
}
print('');
const results = await runBenchmark(engines, plan);
for (const line of formatReport(results)) print(line);
if (json !== undefined) writeFileSync(json, `${JSON.stringify(reportJson(results), undefined, 2)}\n`);
await Promise.all(engines.map((engine) => engine.stop()));

interface Arguments {
  readonly quick: boolean;
  readonly engines: readonly EngineName[];
  readonly json: string | undefined;
}

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: { quick: { type: 'boolean' }, engines: { type: 'string' }, json: { type: 'string' } },
    });
    const wanted = values.engines?.split(',') ?? engineNames;
    return { quick: values.quick === true, engines: wanted.map(readEngineName), json: values.json };
  } catch {
    process.stderr.write(usage);
    process.exit(1);
  }
}

function readEngineName(text: string): EngineName {
  const name = engineNames.find((each) => each === text);
  if (name === undefined) throw new TypeError('expected the name of an engine');
  return name;
}
