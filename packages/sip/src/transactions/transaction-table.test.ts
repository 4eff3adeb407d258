import { describe, expect, it } from 'vitest';
import { MemoryFlow } from '../testing/memory-flow.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { TransactionTable } from './transaction-table.ts';

const clock = new VirtualClock();
const flow = (transport: string): MemoryFlow => new MemoryFlow({ clock, transport, sentBy: 'a' });

describe('TransactionTable', () => {
  it('[RFC 3261 17.1.3] keeps connections apart and datagrams together', () => {
    const table = new TransactionTable<MemoryFlow, string>();
    const [left, right] = [flow('TLS'), flow('TLS')];
    table.set(left, 'key', 'mine');
    expect([table.get(left, 'key'), table.get(right, 'key'), table.get(flow('UDP'), 'key')]).toEqual([
      'mine',
      undefined,
      undefined,
    ]);
    table.set(flow('UDP'), 'key', 'datagram');
    expect(table.get(flow('UDP'), 'key')).toBe('datagram');
    expect(table.size).toBe(2);
  });

  it('[RFC 3261 17.1.3] counts what is there, however often it is set or deleted', () => {
    const table = new TransactionTable<MemoryFlow, string>();
    const one = flow('TCP');
    table.set(one, 'a', '1');
    table.set(one, 'a', '2');
    table.set(one, 'b', '3');
    expect([table.size, table.on(one)]).toEqual([2, ['2', '3']]);
    table.delete(one, 'a');
    table.delete(one, 'a');
    table.delete(flow('TCP'), 'b');
    expect(table.size).toBe(1);
    table.delete(one, 'b');
    expect([table.size, table.on(one)]).toEqual([0, []]);
  });
});
