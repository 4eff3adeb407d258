import { describe, expect, it } from 'vitest';
import { findQValue, findWholeNumber } from './param-values.ts';

describe('findWholeNumber', () => {
  it.each([
    { text: '0', value: 0 },
    { text: '007', value: 7 },
    { text: '100', value: 100 },
  ])('[RFC 3261 25.1] reads $text', ({ text, value }) => {
    expect(findWholeNumber(text, 100)).toBe(value);
  });

  it.each([undefined, '', '101', '-1', '1.0', ' 1', '0x1', '"1"', '00000000001'])(
    '[RFC 3261 25.1] finds none in %j',
    (text) => {
      expect(findWholeNumber(text, 100)).toBeUndefined();
    },
  );
});

describe('findQValue', () => {
  it.each([
    { text: '0', value: 0 },
    { text: '0.', value: 0 },
    { text: '0.125', value: 0.125 },
    { text: '1.000', value: 1 },
  ])('[RFC 3261 25.1] reads $text', ({ text, value }) => {
    expect(findQValue(text)).toBe(value);
  });

  it.each([undefined, '', '.5', '0.1234', '1.001', '2', '1e0'])('[RFC 3261 25.1] finds none in %j', (text) => {
    expect(findQValue(text)).toBeUndefined();
  });
});
