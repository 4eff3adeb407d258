import type { Endpoint } from '@wicgate/stun';
import { describe, expect, it } from 'vitest';
import { Nonces } from './nonce.ts';

const client: Endpoint = { family: 'IPv4', address: '192.0.2.7', port: 4_000 };
const features = { passwordAlgorithms: true, usernameAnonymity: false };
const nowMs = 1_700_000_000_000;

describe('Nonce', () => {
  const nonces = new Nonces(Buffer.alloc(32, 1), features);
  const nonce = nonces.issue(client, nowMs);

  it('[RFC 8489 9.2] is fresh for its client for ten minutes', () => {
    expect(nonces.isFresh(nonce, client, nowMs)).toBe(true);
    expect(nonces.isFresh(nonce, client, nowMs + 599_999)).toBe(true);
    expect(nonces.isFresh(nonce, client, nowMs + 600_000)).toBe(false);
  });

  it('[RFC 8656 5] is of no use from another address or port', () => {
    expect(nonces.isFresh(nonce, { ...client, address: '192.0.2.8' }, nowMs)).toBe(false);
    expect(nonces.isFresh(nonce, { ...client, port: 4_001 }, nowMs)).toBe(false);
  });

  it('[RFC 8489 9.2] is of no use to another process', () => {
    expect(new Nonces(Buffer.alloc(32, 2), features).isFresh(nonce, client, nowMs)).toBe(false);
  });

  it.each([
    { fault: 'nothing', forged: '' },
    { fault: 'text', forged: 'x'.repeat(48) },
    { fault: 'a later expiry', forged: `000000ffffffffff${nonce.slice(16)}` },
    { fault: 'an expiry beyond counting', forged: `ffffffffffffffff${nonce.slice(16)}` },
    { fault: 'another MAC', forged: `${nonce.slice(0, -1)}${nonce.endsWith('0') ? '1' : '0'}` },
    { fault: 'an octet less', forged: nonce.slice(2) },
    { fault: 'upper case', forged: nonce.toUpperCase() },
  ])('[RFC 8489 9.2] refuses $fault', ({ forged }) => {
    expect(nonces.isFresh(forged, client, nowMs)).toBe(false);
  });
});
