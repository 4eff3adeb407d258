/**
 * A long run of mutated datagrams against a TURN server that carries a call meanwhile:
 *
 *     node apps/turn/test/fuzz/fuzz-turn.ts --executions 1000000 --relayed 100000 [--seed 1]
 *
 * Fails where the server ends, finds a defect of its own, gives no sign of life for 10 s, loses (but for what the
 * kernel dropped) or changes a packet of the call, or has more than 30 MB of resident memory more than at the start.
 *
 * @module
 */
import { parseArgs } from 'node:util';
import { faultsOf } from './faults.ts';
import { fuzzServer } from './fuzz-server.ts';

const { values } = parseArgs({
  options: {
    executions: { type: 'string', default: '1000000' },
    relayed: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});

const report = await fuzzServer({
  executions: Number(values.executions),
  relayed: Number(values.relayed),
  seed: Number(values.seed),
  onProgress: print,
});
const { call, memory, seconds, counters } = report;
for (const line of counters) print(`  ${line}`);
print(`${values.executions} datagrams on the listener, ${values.relayed} on relayed ports in ${seconds.toFixed(1)} s`);
print(`the call: ${call.sent} packets sent, ${call.sent - call.received} lost, ${call.wrong} wrong`);
print(`the kernel dropped ${call.kernelDrops} at the ends of the call, ${report.kernelDrops} at the listener`);
print(`resident memory: ${memory.before.toFixed(1)} MB at the start, ${memory.after.toFixed(1)} MB at the end`);
const faults = faultsOf(report);
for (const fault of faults) print(`FAILED: --seed ${values.seed}: ${fault}`);
if (faults.length === 0) print('ok: no crash, no leak, the call unharmed');
process.exitCode = faults.length === 0 ? 0 : 1;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
