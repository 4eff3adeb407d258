import { describe, expect, it } from 'vitest';
import { KeyedQueue } from './keyed-queue.ts';

describe('Changes of one subscription', () => {
  it('[TS 29.228 6.5] follow one another, and do not wait for those of others', async () => {
    const queue = new KeyedQueue();
    const done: string[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = queue.run('alice', async () => {
      await held;
      done.push('alice 1');
    });
    const second = queue.run('alice', async () => done.push('alice 2'));
    await queue.run('bob', async () => done.push('bob'));
    release();
    await Promise.all([first, second]);
    expect(done).toEqual(['bob', 'alice 1', 'alice 2']);
  });

  it('[TS 29.228 6.5] go on after one that failed', async () => {
    const queue = new KeyedQueue();
    const failing = queue.run('alice', () => Promise.reject(new RangeError('no')));
    const next = queue.run('alice', async () => 'yes');
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
    await queue.drain();
  });

  it('[TS 29.228 6.5] are refused when too many wait', async () => {
    const queue = new KeyedQueue();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const waiting = Array.from({ length: 32 }, () => queue.run('alice', () => held));
    await expect(queue.run('alice', () => held)).rejects.toMatchObject({ code: 'ERR_HSS_SUBSCRIPTION_BUSY' });
    release();
    await Promise.all(waiting);
    await expect(queue.run('alice', async () => 'yes')).resolves.toBe('yes');
  });
});
