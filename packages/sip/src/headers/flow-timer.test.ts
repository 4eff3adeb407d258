import { expect, it } from 'vitest';
import { formatFlowTimer, parseFlowTimer } from './flow-timer.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Flow-Timer',
  clause: 'RFC 5626 11.2',
  parse: parseFlowTimer,
  format: formatFlowTimer,
  wellFormed: [{ source: 'RFC 5626 9.5', value: '120' }],
  malformed: [
    { fault: 'none', value: '0', at: 0, expected: 'seconds from 1 to 86400' },
    { fault: 'more than a day', value: '86401', at: 0, expected: 'seconds from 1 to 86400' },
    { fault: 'words', value: 'x', at: 0, expected: 'seconds from 1 to 86400' },
    { fault: 'two numbers', value: '1 2', at: 2, expected: 'end of value' },
  ],
});

it.each([0, -1, 1.5])('[RFC 5626 11.2] does not write %d', (seconds) => {
  expect(() => formatFlowTimer(seconds)).toThrow(TypeError);
});
