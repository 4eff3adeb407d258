/**
 * The order in which the servers of an SRV answer are tried (RFC 2782).
 *
 * @module
 */
import type { SrvRecord } from './resolver.ts';

/** Records that come after these are left out, lowest priority first: an answer may hold hundreds. */
const maxRecords = 32;

/**
 * The records by priority, those of one priority in a random order that heeds their weights. `random` gives numbers from
 * 0 up to, but not including, 1.
 */
export function orderSrv(records: readonly SrvRecord[], random: () => number): readonly SrvRecord[] {
  // Those without weight stand first: then they are chosen only where the number is 0.
  const left = records.toSorted((a, b) => a.priority - b.priority || a.weight - b.weight).slice(0, maxRecords);
  const ordered: SrvRecord[] = [];
  while (left.length > 0) ordered.push(...left.splice(chooseIndex(left, random), 1));
  return ordered;
}

/** Among the records of the first one's priority, the one whose running sum of weights reaches the random number. */
function chooseIndex(records: readonly SrvRecord[], random: () => number): number {
  const priority = records[0]?.priority;
  const sum = records.reduce((total, record) => total + (record.priority === priority ? record.weight : 0), 0);
  const chosen = Math.floor(random() * (sum + 1));
  let running = 0;
  for (const [index, record] of records.entries()) {
    running += record.weight;
    if (running >= chosen) return index;
  }
  return 0;
}
