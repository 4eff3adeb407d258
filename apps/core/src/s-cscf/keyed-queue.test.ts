import { expect, it } from 'vitest';
import { KeyedQueue } from './keyed-queue.ts';

it('runs what has the same key one after the other, also behind a failure, and keeps nothing', async () => {
  const queue = new KeyedQueue();
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = queue.run('a', async () => {
    await gate.promise;
    log.push('first');
    throw new TypeError('a fault');
  });
  const failed = expect(first).rejects.toThrow(TypeError);
  const second = queue.run('a', async () => log.push('second'));
  await queue.run('b', async () => log.push('other'));
  expect(log).toEqual(['other']);
  expect([queue.size, queue.waiting('a'), queue.waiting('b')]).toEqual([1, 2, 0]);
  gate.resolve();
  await Promise.all([failed, second]);
  expect(log).toEqual(['other', 'first', 'second']);
  expect(queue.size).toBe(0);
});
