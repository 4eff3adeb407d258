import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTurnCredential, turnPassword } from './turn-credential.ts';
import { parseTurnUsername } from './turn-username.ts';

const utf8 = new TextEncoder();
const key = utf8.encode('a key of at least thirty-two characters');

describe('TURN credential', () => {
  it('[RFC 2202 3] computes HMAC-SHA1 in base64', () => {
    expect(turnPassword(utf8.encode('Jefe'), 'what do ya want for nothing?')).toBe('7/zfauXrL6LSdBbV8YTfnCWafHk=');
  });

  it('[RFC 4231 4.3] computes HMAC-SHA256 in base64', () => {
    expect(turnPassword(utf8.encode('Jefe'), 'what do ya want for nothing?', 'sha256')).toBe(
      'W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=',
    );
  });

  it('[X.5.2.2-3] [X.5.2.2-6] makes and recomputes with the hash that both have agreed on', () => {
    const made = createTurnCredential({
      key,
      hash: 'sha256',
      expiresAtSeconds: 1_700_003_600,
      random: (n) => new Uint8Array(n).fill(7),
    });
    expect(turnPassword(key, made.username, 'sha256')).toBe(made.password);
    expect(turnPassword(key, made.username, 'sha1')).not.toBe(made.password);
    expect(made.password).toHaveLength(44);
  });

  it('[X.5.2.2-3] never makes a Tid of digits only, whatever the random octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (octets) => {
        const made = createTurnCredential({ key, expiresAtSeconds: 1_700_003_600, random: () => octets });
        expect(made.tid).toMatch(/^[0-9a-f]*[a-f][0-9a-f]*$/);
        expect(made.tid.length).toBeGreaterThanOrEqual(16);
        expect(parseTurnUsername(made.username)).toEqual({ tid: made.tid, expiresAtSeconds: 1_700_003_600 });
      }),
    );
  });

  it('[X.5.2.2-6] gives the server the same password from the user name alone', () => {
    const made = createTurnCredential({
      key,
      expiresAtSeconds: 1_700_003_600,
      random: (n) => new Uint8Array(n).fill(7),
    });
    expect(made.username).toBe('b70707070707070707070707:1700003600');
    expect(turnPassword(key, made.username)).toBe(made.password);
  });

  it('[X.5.2.2-6] gives another password for another key, Tid or Texp', () => {
    const passwords = [
      turnPassword(key, 'b7c1f0d2a9e84c61:1700003600'),
      turnPassword(utf8.encode('another key of at least thirty-two characters'), 'b7c1f0d2a9e84c61:1700003600'),
      turnPassword(key, 'b7c1f0d2a9e84c62:1700003600'),
      turnPassword(key, 'b7c1f0d2a9e84c61:1700003601'),
    ];
    expect(new Set(passwords).size).toBe(passwords.length);
  });

  it.each([0, -1, 1.5, Number.NaN, 10_000_000_000])('[X.5.2.2-3] refuses %d as Texp', (expiresAtSeconds) => {
    expect(() => createTurnCredential({ key, expiresAtSeconds, random: (n) => new Uint8Array(n) })).toThrow(TypeError);
  });

  it('[X.5.2.2-3] refuses a random source that gives too little', () => {
    const source = { key, expiresAtSeconds: 1_700_003_600, random: () => new Uint8Array(3) };
    expect(() => createTurnCredential(source)).toThrow(TypeError);
  });
});
