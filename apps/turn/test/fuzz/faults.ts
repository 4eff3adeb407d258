/**
 * What a run of mutated datagrams must not do to a TURN server.
 *
 * @module
 */
import type { FuzzReport } from './fuzz-server.ts';

const mostGrowthMegabytes = 30;

/** Empty where all is well. */
export function faultsOf({ call, kernelDrops, memory, errors, exitCode }: FuzzReport): readonly string[] {
  const faults = errors.map((line) => `the server reports a defect: ${line}`);
  if (exitCode !== 0) faults.push(`the server ended with ${exitCode}`);
  const lost = call.sent - call.received;
  if (lost > (call.kernelDrops ?? 0) + (kernelDrops ?? 0)) {
    faults.push(`the call lost ${lost} of ${call.sent} packets, more than the kernel dropped`);
  }
  if (call.wrong > 0) faults.push(`${call.wrong} packets of the call were changed, doubled or out of order`);
  const growth = memory.after - memory.before;
  if (growth > mostGrowthMegabytes) faults.push(`resident memory grew by ${growth.toFixed(1)} MB`);
  return faults;
}
