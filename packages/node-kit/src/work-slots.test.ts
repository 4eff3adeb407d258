import { describe, expect, it } from 'vitest';
import { WorkSlots } from './work-slots.ts';

function held(): { readonly work: () => Promise<void>; readonly release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, release: resolve };
}

describe('Work slots', () => {
  it('[state] run so much at once, let so much wait, and refuse the rest', async () => {
    const slots = new WorkSlots(1, 1);
    const [first, second] = [held(), held()];
    const order: string[] = [];
    const running = slots.run(first.work)?.then(() => order.push('first'));
    const waiting = slots.run(second.work)?.then(() => order.push('second'));
    expect(slots.run(async () => 'too many')).toBeUndefined();
    second.release();
    first.release();
    await Promise.all([running, waiting]);
    expect(order).toEqual(['first', 'second']);
    expect(await slots.run(async () => 'free again')).toBe('free again');
  });

  it('[state] are free again after work that failed', async () => {
    const slots = new WorkSlots(1, 0);
    await expect(slots.run(() => Promise.reject(new TypeError('expected')))).rejects.toThrow('expected');
    expect(await slots.run(async () => 'free again')).toBe('free again');
  });
});
