import { beforeEach, describe, expect, it } from 'vitest';
import { KnownBrowsers } from './known-browsers.ts';

const issuer = 'https://localhost:8444';
let nowMs: number;
let known: KnownBrowsers;

beforeEach(() => {
  nowMs = 1_000_000;
  known = new KnownBrowsers({ hashing: 'k' }, issuer, () => nowMs);
});

const pairOf = (cookie: string): string => cookie.split(';')[0] ?? '';

describe('Known browsers', () => {
  it('[RFC 6265 4.1] get a cookie that is closed to scripts, plain http, other hosts and other sites', () => {
    expect(known.createCookie('alice-id')).toMatch(
      /^__Host-waf-8444-known=alice-id\.[\w.-]+; Max-Age=7776000; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
  });

  it('[RFC 6749 10.12] are found among other cookies, each with an id of its own', () => {
    const [one, other] = [pairOf(known.createCookie('alice-id')), pairOf(known.createCookie('alice-id'))];
    const found = [one, other].map((pair) => known.find(`a=b; ${pair}; c=d`));
    expect(found.map((browser) => browser?.accountId)).toEqual(['alice-id', 'alice-id']);
    expect(found[0]?.id).not.toBe(found[1]?.id);
  });

  it('[RFC 6749 10.12] are strangers again after 90 days', () => {
    const pair = pairOf(known.createCookie('alice-id'));
    nowMs += 90 * 86_400_000 - 1;
    expect(known.find(pair)).toBeDefined();
    nowMs += 1;
    expect(known.find(pair)).toBeUndefined();
  });

  it.each([
    { fault: 'another account', change: (pair: string) => pair.replace('alice-id', 'bob-id') },
    { fault: 'another end', change: (pair: string) => pair.replace(/\.\d+\./, '.99999999999999.') },
    { fault: 'no signature', change: (pair: string) => pair.replace(/\.[^.]+$/, '') },
    { fault: 'an empty signature', change: (pair: string) => pair.replace(/[^.]+$/, '') },
    { fault: 'something behind it', change: (pair: string) => `${pair}.x` },
    { fault: 'another name', change: (pair: string) => `x${pair}` },
  ])('[RFC 6749 10.12] are not made by a cookie with $fault', ({ change }) => {
    const pair = pairOf(known.createCookie('alice-id'));
    expect(known.find(pair)).toBeDefined();
    expect(known.find(change(pair))).toBeUndefined();
  });

  it('[RFC 6749 10.12] are known to the WAF with the same key only', () => {
    const pair = pairOf(known.createCookie('alice-id'));
    expect(new KnownBrowsers({ hashing: 'l' }, issuer, () => nowMs).find(pair)).toBeUndefined();
    expect(known.find(undefined)).toBeUndefined();
  });
});
