import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../src/grammar/utf8.ts';
import { rfc4475Digests, rfc5118Digests } from './vector-digests.ts';
import { readVector, vectorNames } from './vectors.ts';

/** What the archive of RFC 5118 prints, and what is there when lines end in CRLF. */
const printedLengths = new Map([
  ['ipv6-in-sdp', '268'],
  ['mult-ip-in-sdp', '181'],
  ['ipv4-mapped-ipv6', '236'],
]);

describe('vectors', () => {
  it('[RFC 4475 3] all 49 messages are there', () => {
    expect(new Set(vectorNames('rfc4475'))).toEqual(new Set(rfc4475Digests.keys()));
    expect(rfc4475Digests.size).toBe(49);
  });

  it('[RFC 5118 4] all 12 messages are there', () => {
    expect(new Set(vectorNames('rfc5118'))).toEqual(new Set(rfc5118Digests.keys()));
    expect(rfc5118Digests.size).toBe(12);
  });

  it.each([...rfc4475Digests])('[RFC 4475 A] %s has the octets of the archive', (name, digest) => {
    expect(bytesToHex(sha256(readVector('rfc4475', name)))).toBe(digest);
  });

  it.each([...rfc5118Digests])('[RFC 5118 A] %s has the octets of the archive, but for line ends', (name, digest) => {
    expect(bytesToHex(sha256(asArchived(name)))).toBe(digest);
  });
});

function asArchived(name: string): Uint8Array {
  const wire = String.fromCharCode(...readVector('rfc5118', name)).replaceAll('\r\n', '\n');
  const isOpen = name.includes('-abnf-');
  const length = printedLengths.get(name);
  const text = length === undefined ? wire : wire.replace(/Content-Length: [0-9]+/u, `Content-Length: ${length}`);
  return encodeUtf8(isOpen ? text.slice(0, -1) : text);
}
