import { describe, expect, it } from 'vitest';
import { formatTurnCredentialHeader, parseTurnCredentialHeader } from './turn-credential-header.ts';

const credential = {
  tid: 'b7c1f0d2a9e84c61',
  expiresAtSeconds: 1_700_003_600,
  username: 'b7c1f0d2a9e84c61:1700003600',
  password: 'uFI016JFkkzP52kwsXktvk8ZXTg=',
};

const malformed = [
  { fault: 'the request value', text: 'request' },
  { fault: 'two parts', text: 'b7c1f0d2a9e84c61:1700003600' },
  { fault: 'four parts', text: 'b7c1f0d2a9e84c61:1700003600:uFI016JFkkzP52kwsXktvk8ZXTg=:x' },
  { fault: 'the other order', text: '1700003600:b7c1f0d2a9e84c61:uFI016JFkkzP52kwsXktvk8ZXTg=' },
  { fault: 'an empty password', text: 'b7c1f0d2a9e84c61:1700003600:' },
  { fault: 'a password that is not base64', text: 'b7c1f0d2a9e84c61:1700003600:uFI016JFkkzP52kwsXktvk8ZXT!=' },
  { fault: 'base64 without padding', text: 'b7c1f0d2a9e84c61:1700003600:uFI016JFkkzP52kwsXktvk8ZXTg' },
  { fault: 'padding alone', text: 'b7c1f0d2a9e84c61:1700003600:====' },
  { fault: 'a long value', text: `b7c1f0d2a9e84c61:1700003600:${'A'.repeat(256)}` },
  { fault: 'nothing', text: '' },
];

describe('3gpp-ext-turn-cred', () => {
  it('[X.5.2.2-4] is written with colons', () => {
    expect(formatTurnCredentialHeader(credential)).toBe('b7c1f0d2a9e84c61:1700003600:uFI016JFkkzP52kwsXktvk8ZXTg=');
  });

  it.each([
    'b7c1f0d2a9e84c61:1700003600:uFI016JFkkzP52kwsXktvk8ZXTg=',
    'b7c1f0d2a9e84c61;1700003600;uFI016JFkkzP52kwsXktvk8ZXTg=',
    ' b7c1f0d2a9e84c61 : 1700003600 : uFI016JFkkzP52kwsXktvk8ZXTg= ',
  ])('[X.5.2.2-4] is read with colons, semicolons and spaces: "%s"', (text) => {
    expect(parseTurnCredentialHeader(text)).toEqual(credential);
  });

  it.each(malformed)('[X.5.2.2-4] refuses $fault', ({ text }) => {
    expect(() => parseTurnCredentialHeader(text)).toThrow(
      expect.objectContaining({ code: 'ERR_TURN_CREDENTIAL_HEADER_MALFORMED' }),
    );
  });

  it('[X.5.2.2-4] keeps the value out of the message', () => {
    const text = 'b7c1f0d2a9e84c61:1700003600:verysecret!!';
    expect(() => parseTurnCredentialHeader(text)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('verysecret') }),
    );
  });
});
