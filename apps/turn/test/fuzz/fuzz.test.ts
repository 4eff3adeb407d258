import { expect, it } from 'vitest';
import { faultsOf } from './faults.ts';
import { fuzzServer } from './fuzz-server.ts';

const executions = 20_000;
const relayed = 2_000;

it(`[RFC 8489 6.3] [RFC 8656 5] ${executions} mutated datagrams on the listener and ${relayed} on relayed ports: no crash, no leak, the call unharmed`, async () => {
  const seed = Date.now() % 2_147_483_647;
  const report = await fuzzServer({ executions, relayed, seed, onProgress: () => undefined });
  expect(faultsOf(report), `--seed ${seed}`).toEqual([]);
  expect(report.call.sent).toBeGreaterThan(0);
  // What was sent did arrive: most of it is refused or dropped, and the server counts that.
  const counted = report.counters.map((line) => (/^turn_(?:dropped|refused|authenticated)/u.test(line) ? line : ''));
  const total = counted.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  expect(total).toBeGreaterThan(executions / 2);
});
