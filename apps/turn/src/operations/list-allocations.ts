/**
 * The allocations as an operator sees them: no secret among it, and nobody's name (TS 33.203 X.5.3.1 c).
 *
 * @module
 */
import type { Allocation } from '../allocations/allocation.ts';
import type { AllocationTable } from '../allocations/allocation-table.ts';

export interface AllocationList {
  readonly count: number;
  /** The oldest of them. */
  readonly allocations: readonly ListedAllocation[];
}

export interface ListedAllocation {
  readonly tid: string;
  readonly transport: string;
  readonly client: string;
  readonly relayed: readonly string[];
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly permissions: number;
  readonly channels: number;
}

const maxListed = 1_000;

export function listAllocations(table: AllocationTable): AllocationList {
  const allocations: ListedAllocation[] = [];
  for (const allocation of table.values()) {
    if (allocations.length === maxListed) break;
    allocations.push(listed(allocation));
  }
  return { count: table.size, allocations };
}

function listed({ user, flow, relay, expiresAtMs, permissionCount, channelCount }: Allocation): ListedAllocation {
  return {
    tid: user.tid,
    transport: flow.transport,
    client: textOf(flow.remote),
    relayed: relay.locals.map(textOf),
    expiresAt: Math.floor(expiresAtMs / 1_000),
    permissions: permissionCount,
    channels: channelCount,
  };
}

function textOf({ family, address, port }: Allocation['relay']['local']): string {
  return family === 'IPv4' ? `${address}:${port}` : `[${address}]:${port}`;
}
