import { describe, expect, it } from 'vitest';
import { parseTurnCredential } from './turn-credential.ts';

const expected = {
  username: 'b7c1f0d2a9e84c61:1700003600',
  password: 'uFI016JFkkzP52kwsXktvk8ZXTg=',
  expiresAtMs: 1_700_003_600_000,
};

describe('the TURN credential', () => {
  it.each([
    'b7c1f0d2a9e84c61:1700003600:uFI016JFkkzP52kwsXktvk8ZXTg=',
    'b7c1f0d2a9e84c61;1700003600;uFI016JFkkzP52kwsXktvk8ZXTg=',
    'b7c1f0d2a9e84c61 : 1700003600 : uFI016JFkkzP52kwsXktvk8ZXTg=',
  ])('[X.5.2.2-4] is read from %s', (value) => {
    expect(parseTurnCredential(value)).toEqual(expected);
  });

  it.each([
    '',
    'request',
    'a:b:c',
    'a:1',
    ':1:cGFzcw==',
    'a:1:',
    'a:1:not base64',
    'a:1:cGFzcw==:x',
    `a:1:${'A'.repeat(300)}`,
  ])('[X.5.2.2-4] is not read from %j', (value) => {
    expect(parseTurnCredential(value)).toBeUndefined();
  });
});
