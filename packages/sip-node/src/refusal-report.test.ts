import { VirtualClock } from '@wicgate/sip/testing';
import { expect, it } from 'vitest';
import { RefusalReport } from './refusal-report.ts';

it('the first refusal is told at once, those of each second after it together', async () => {
  const clock = new VirtualClock();
  const told: unknown[] = [];
  const report = new RefusalReport(clock, ({ count, address }) => told.push([count, address]));
  report.add('192.0.2.1');
  report.add('192.0.2.2');
  report.add('192.0.2.3');
  expect(told).toEqual([[1, '192.0.2.1']]);
  await clock.run(1_000);
  expect(told).toEqual([
    [1, '192.0.2.1'],
    [2, '192.0.2.3'],
  ]);
  report.add(undefined);
  await clock.run(999);
  expect(told).toHaveLength(2);
  await clock.run(10_000);
  expect(told.slice(2)).toEqual([[1, undefined]]);
  expect(clock.pending).toBe(0);
  report.add('192.0.2.4');
  expect(told.at(-1)).toEqual([1, '192.0.2.4']);
});
