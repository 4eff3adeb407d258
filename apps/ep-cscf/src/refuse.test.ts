import { createLogger } from '@wicgate/node-kit';
import type { NodeFlow } from '@wicgate/sip-node';
import { expect, it } from 'vitest';
import { CoreUnreachable, RequestRefused, TooManyRequests, WafUnreachable } from './errors.ts';
import { Refusals } from './refuse.ts';

it('[operation] what fails here or behind is logged, however much of what peers do wrong was logged before', () => {
  const lines: string[] = [];
  const refusals = new Refusals({
    log: createLogger('ep-cscf', 'info', (line) => lines.push(line)),
    lines: { take: () => false },
    faultLines: { take: () => true },
    metrics: { countRefusal: () => {} },
    challenge: () => '',
    createToken: () => '',
    closeConnection: () => {},
    putOut: () => {},
    identify: () => undefined,
  });
  const flow = { listener: 'w2', peer: { address: '192.0.2.1' } } as NodeFlow;
  for (const error of [new RequestRefused('not registered'), new TooManyRequests(1)]) refusals.drop(flow, error);
  expect(lines).toEqual([]);
  for (const error of [new WafUnreachable('https://waf'), new CoreUnreachable(), new TypeError('x')]) {
    refusals.drop(flow, error);
  }
  const errors = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error');
  expect(errors.map(({ event }) => event)).toEqual(['waf.unreachable', 'core.unreachable', 'request.failed']);
});
