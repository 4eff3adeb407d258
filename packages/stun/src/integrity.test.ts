import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeType } from './attribute-type.ts';
import { type DecodedMessage, decodeMessage } from './decode-message.ts';
import { encodeMessage, type Protection } from './encode-message.ts';
import { StunError } from './errors.ts';
import { integritySha256Length, isIntegrityValid, longTermKey } from './integrity.ts';
import { attribute, findAttribute, type StunAttribute } from './message.ts';
import { userHash } from './user-hash.ts';

const user = '\u30de\u30c8\u30ea\u30c3\u30af\u30b9';
const key = Buffer.from('a key');
const integrity = attributeType['MESSAGE-INTEGRITY'];
const integritySha256 = attributeType['MESSAGE-INTEGRITY-SHA256'];

/**
 * RFC 8489 B.1 as printed: its header counts 20 octets (PASSWORD-ALGORITHM and its like) that are not there, so that
 * only its HMAC can be recomputed.
 */
const sample = Buffer.from(
  '0001009c2112a44278ad3433c6ad72c029da412e001e00204a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f17040015' +
    '00296f624d61744a6f73324141414366' +
    '2f2f3439396b393534' +
    '64364f4c33346f4c394653547679363473' +
    '410000000014000b6578616d706c652e6f726700' +
    '001c0020e4686c8f0edeb59013e07090010a93efccbccc544c0a45d9f830aa6d6f735a01',
  'hex',
);

function encode(protection: Partial<Protection> = {}, attributes: readonly StunAttribute[] = []): Buffer {
  const message = { class: 'request', method: 3, transactionId: Buffer.alloc(12, 1), attributes } as const;
  return encodeMessage(message, { integrityKey: undefined, fingerprint: false, ...protection });
}

/** The message with one more attribute at its end, and its length put right. */
function extended(octets: Buffer, type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  const longer = Buffer.concat([octets, head, value, Buffer.alloc(-value.length & 3)]);
  longer.writeUInt16BE(longer.length - 20, 2);
  return longer;
}

/** With a MESSAGE-INTEGRITY-SHA256 cut to `length` octets. */
function signedSha256(octets: Buffer, length: number): Buffer {
  const header = Buffer.from(octets);
  header.writeUInt16BE(octets.length + 4 + length - 20, 2);
  return extended(octets, integritySha256, createHmac('sha256', key).update(header).digest().subarray(0, length));
}

describe('Keys of long-term credentials', () => {
  it('[RFC 5769 2.4] MD5 gives the key of the sample', () => {
    expect(longTermKey(user, 'example.org', 'TheMatrIX').toString('hex')).toBe('e8ca7ad59d5eb0518e312911d2dab2a9');
  });

  it('[RFC 8489 B.1] SHA-256 gives a key under which the HMAC of the sample holds', () => {
    const sha256Key = longTermKey(user, 'example.org', 'TheMatrIX', 'SHA-256');
    const hmac = createHmac('sha256', sha256Key).update(sample.subarray(0, -36)).digest();
    expect(hmac.toString('hex')).toBe(sample.subarray(-32).toString('hex'));
  });

  it('[RFC 8489 B.1] [RFC 8489 14.4] USERHASH of the sample', () => {
    const value = '4a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704';
    expect(userHash(user, 'example.org').toString('hex')).toBe(value);
    expect(sample.includes(Buffer.from(`001e0020${value}`, 'hex'))).toBe(true);
  });

  it('[RFC 8489 6.3] the sample as printed is refused: its length is not its own', () => {
    expect(() => decodeMessage(sample)).toThrow(expect.objectContaining({ code: 'ERR_STUN_MALFORMED' }));
  });
});

describe('MESSAGE-INTEGRITY-SHA256', () => {
  it.each([
    { name: 'octets', integrityKey: key },
    { name: 'a key object', integrityKey: createSecretKey(key) },
  ])('[RFC 8489 14.6] made and checked with $name', ({ integrityKey }) => {
    const octets = encode({ integrityKey, integrityHash: 'sha256', fingerprint: true });
    const message = decodeMessage(octets);
    expect(octets.length).toBe(20 + 36 + 8);
    expect(integritySha256Length(message)).toBe(32);
    expect(isIntegrityValid(message, integrityKey, 'sha256')).toBe(true);
    expect(isIntegrityValid(message, Buffer.from('another key'), 'sha256')).toBe(false);
    expect(message.integrityAt).toBeUndefined();
    expect(isIntegrityValid(message, key)).toBe(false);
  });

  it.each([16, 20, 24, 28, 32])('[RFC 8489 14.6] of %d octets is compared as far as it goes', (length) => {
    const signed = signedSha256(encode(), length);
    const message = decodeMessage(signed);
    expect(integritySha256Length(message)).toBe(length);
    expect(isIntegrityValid(message, key, 'sha256')).toBe(true);
    signed[signed.length - 1] = (signed.at(-1) ?? 0) ^ 1;
    expect(isIntegrityValid(decodeMessage(signed), key, 'sha256')).toBe(false);
  });

  it.each([0, 4, 12, 15, 17, 31, 33, 36, 64])('[RFC 8489 14.6] of %d octets is refused', (length) => {
    const octets = extended(encode(), integritySha256, Buffer.alloc(length));
    expect(() => decodeMessage(octets)).toThrow(expect.objectContaining({ code: 'ERR_STUN_MALFORMED' }));
  });

  it('[RFC 8489 14.5] [RFC 8489 14.6] may follow MESSAGE-INTEGRITY, and both hold', () => {
    const message = decodeMessage(signedSha256(encode({ integrityKey: key }), 32));
    expect(isIntegrityValid(message, key)).toBe(true);
    expect(isIntegrityValid(message, key, 'sha256')).toBe(true);
  });

  it('[RFC 8489 14.6] hides a MESSAGE-INTEGRITY that follows it', () => {
    const signed = encode({ integrityKey: key, integrityHash: 'sha256' });
    const message = decodeMessage(extended(signed, integrity, Buffer.alloc(20)));
    expect(message.integrityAt).toBeUndefined();
    expect(isIntegrityValid(message, key, 'sha256')).toBe(true);
  });

  it('[RFC 8489 14.6] hides every attribute that follows it', () => {
    const signed = encode({ integrityKey: key, integrityHash: 'sha256' }, [attribute('REALM', Buffer.from('a'))]);
    const message = decodeMessage(extended(signed, attributeType.LIFETIME, Buffer.alloc(4)));
    expect(message.attributes.map(({ type }) => type)).toEqual([attributeType.REALM]);
    expect(isIntegrityValid(message, key, 'sha256')).toBe(true);
  });

  it('[RFC 8489 14.6] the first one counts', () => {
    const signed = encode({ integrityKey: key, integrityHash: 'sha256' });
    const twice = decodeMessage(extended(signed, integritySha256, Buffer.alloc(32)));
    expect(isIntegrityValid(twice, key, 'sha256')).toBe(true);
  });

  it('[RFC 8489 14.5] between MESSAGE-INTEGRITY and itself no attribute counts', () => {
    const between = extended(encode({ integrityKey: key }), attributeType.LIFETIME, Buffer.alloc(4));
    const message = decodeMessage(signedSha256(between, 32));
    expect(findAttribute(message, 'LIFETIME')).toBeUndefined();
    expect(isIntegrityValid(message, key)).toBe(true);
    expect(isIntegrityValid(message, key, 'sha256')).toBe(true);
  });
});

describe('Mutated messages', () => {
  const attributes = [attribute('USERNAME', Buffer.from('user')), attribute('REALM', Buffer.from('realm'))];
  const seeds = [
    encode({ integrityKey: key, fingerprint: true }, attributes),
    encode({ integrityKey: key, integrityHash: 'sha256', fingerprint: true }, attributes),
    signedSha256(encode({ integrityKey: key }, attributes), 16),
  ];

  it('[RFC 8489 14.5] [RFC 8489 14.6] no flipped bit passes for the original', () => {
    for (const seed of seeds) {
      for (let bit = 0; bit < 8 * seed.length; bit += 1) {
        const flipped = Buffer.from(seed);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const read = decoded(flipped);
        // A flip in one integrity attribute leaves the other; one in padding or SHA-256's own type leaves SHA-1's.
        if (read === undefined) continue;
        const sha1 = isIntegrityValid(read, key);
        const sha256 = isIntegrityValid(read, key, 'sha256');
        const lastOfSha1 = (read.integrityAt ?? 0) + 24;
        expect(sha1 && sha256).toBe(false);
        expect(sha1 && bit >> 3 < lastOfSha1).toBe(false);
      }
    }
  });

  it('[RFC 8489 6.3] whatever octets come, a message or a StunError comes out', () => {
    const mutant = fc
      .tuple(fc.constantFrom(...seeds), fc.nat(120), fc.nat(120), fc.uint8Array({ maxLength: 8 }), fc.boolean())
      .map(([seed, from, to, noise, repair]) => {
        const octets = Buffer.concat([seed.subarray(0, from), noise, seed.subarray(to)]);
        if (repair && octets.length >= 20) octets.writeUInt16BE(octets.length - 20, 2);
        return octets;
      });
    fc.assert(
      fc.property(mutant, (octets) => {
        const read = decoded(octets);
        if (read === undefined) return;
        isIntegrityValid(read, key);
        isIntegrityValid(read, key, 'sha256');
        expect(read.attributes.length).toBeLessThanOrEqual(64);
      }),
      { numRuns: 2_000 },
    );
  });
});

function decoded(octets: Buffer): DecodedMessage | undefined {
  try {
    return decodeMessage(octets);
  } catch (error) {
    if (error instanceof StunError) return undefined;
    throw error;
  }
}
