import { describe, expect, it } from 'vitest';
import { formatTurnUsername, parseTurnUsername } from './turn-username.ts';

const malformed = [
  { fault: 'no colon', username: 'b7c1f0d2a9e84c61' },
  { fault: 'the other order', username: '1700003600:b7c1f0d2a9e84c61' },
  { fault: 'a Tid of digits only', username: '1234567890123456:1700003600' },
  { fault: 'a Tid of 15 digits', username: 'b7c1f0d2a9e84c6:1700003600' },
  { fault: 'a Tid of 65 digits', username: `${'a'.repeat(65)}:1700003600` },
  { fault: 'a Tid that is not hexadecimal', username: 'b7c1f0d2a9e84c6g:1700003600' },
  { fault: 'an empty Tid', username: ':1700003600' },
  { fault: 'an empty Texp', username: 'b7c1f0d2a9e84c61:' },
  { fault: 'a Texp of zero', username: 'b7c1f0d2a9e84c61:0' },
  { fault: 'a leading zero', username: 'b7c1f0d2a9e84c61:01700003600' },
  { fault: 'a fraction', username: 'b7c1f0d2a9e84c61:1700003600.5' },
  { fault: 'an exponent', username: 'b7c1f0d2a9e84c61:17e9' },
  { fault: 'a sign', username: 'b7c1f0d2a9e84c61:-170000360' },
  { fault: 'a third part', username: 'b7c1f0d2a9e84c61:1700003600:1' },
  { fault: 'a space', username: 'b7c1f0d2a9e84c61: 1700003600' },
  { fault: 'a line end', username: 'b7c1f0d2a9e84c61:1700003600\n' },
  { fault: 'a Texp of eleven digits', username: 'b7c1f0d2a9e84c61:17000036000' },
  { fault: 'a name of an object member', username: 'constructor' },
  { fault: 'a megabyte', username: 'a'.repeat(1_048_576) },
  { fault: 'nothing', username: '' },
];

describe('TURN user name', () => {
  it.each(['b7c1f0d2a9e84c61:1700003600', 'B7C1F0D2A9E84C61:9999999999', `${'f'.repeat(64)}:1`])(
    '[X.5.2.2-5] reads and rewrites %s',
    (username) => {
      expect(formatTurnUsername(parseTurnUsername(username))).toBe(username);
    },
  );

  it('[X.5.2.2-5] tells Tid from Texp', () => {
    expect(parseTurnUsername('b7c1f0d2a9e84c61:1700003600')).toEqual({
      tid: 'b7c1f0d2a9e84c61',
      expiresAtSeconds: 1_700_003_600,
    });
  });

  it.each(malformed)('[X.5.2.2-5] refuses $fault', ({ username }) => {
    expect(() => parseTurnUsername(username)).toThrow(
      expect.objectContaining({ code: 'ERR_TURN_CREDENTIAL_USERNAME_MALFORMED' }),
    );
  });
});
