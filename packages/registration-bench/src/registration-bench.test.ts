import { expect, it } from 'vitest';
import { runBenchmark } from './benchmark.ts';
import type { Plan } from './plan.ts';
import { formatReport } from './report.ts';

const tiny: Plan = {
  rounds: 1,
  connections: 3,
  concurrency: 2,
  initialMs: 500,
  repeatMs: 200,
  repeats: 6,
  warmUps: 1,
  warmUpMs: 200,
  held: 3,
};

const systems = ['relay', 'eP-CSCF alone', 'whole system'];
/** Requests of an initial registration, and of one more on its connection. */
const schemes = [
  { scheme: 'Bearer', initial: 1, repeated: 1 },
  { scheme: 'Digest MD5', initial: 2, repeated: 1 },
  { scheme: 'Digest SHA-256', initial: 2, repeated: 1 },
  { scheme: 'AKAv2-SHA-256', initial: 2, repeated: 2 },
];

/** Five processes start: on a busy machine that takes a while. */
const timeoutMs = 240_000;

it('[X.2.2] [X.2.3.3] [X.3.2.3] every scheme registers, and again, before both cores; nothing is missing in the table', {
  timeout: timeoutMs,
}, async () => {
  const results = await runBenchmark(tiny);
  const rows = results.turns.map(({ scheme, kind, system, requests }) => ({ scheme, kind, system, requests }));
  expect(rows).toEqual(
    schemes.flatMap(({ scheme, initial, repeated }) =>
      systems.flatMap((system) => [
        { scheme, kind: 'initial', system, requests: initial },
        { scheme, kind: 'repeated', system, requests: repeated },
      ]),
    ),
  );
  expect(results.turns.every(({ registrations, cpuMs }) => registrations > 0 && cpuMs.every((ms) => ms >= 0))).toBe(
    true,
  );
  expect(results.turns.filter(({ system }) => system === 'whole system').every(({ cpuMs }) => cpuMs.length === 2)).toBe(
    true,
  );
  expect(results.memory.map(({ system }) => system)).toEqual(systems);
  const report = formatReport(results).join('\n');
  expect(report).not.toMatch(/NaN|Infinity|undefined/u);
  for (const system of systems) expect(report.split(`    ${system} `)).toHaveLength(1 + 2 * schemes.length);
});
