import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeType } from './attribute-type.ts';
import { decodeMessage } from './decode-message.ts';
import { encodeMessage } from './encode-message.ts';
import { decodeErrorCode, encodeErrorCode } from './error-code.ts';
import { StunError, StunMalformed } from './errors.ts';
import { isIntegrityValid, longTermKey } from './integrity.ts';
import { attribute, findAttribute } from './message.ts';
import { decodeXorAddress, encodeXorAddress } from './xor-address.ts';

const shortTermKey = Buffer.from('VOkJxbRl1RmTxUk/WvJxBt');
const longTerm = longTermKey('\u30de\u30c8\u30ea\u30c3\u30af\u30b9', 'example.org', 'TheMatrIX');

/** The messages of RFC 5769 2. They pad with whatever octets; ours pad with zeros. */
const vectors = [
  {
    source: 'RFC 5769 2.1',
    key: shortTermKey,
    class: 'request',
    types: [0x8022, 0x0024, 0x8029, 0x0006],
    hex: '000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf',
  },
  {
    source: 'RFC 5769 2.2',
    key: shortTermKey,
    class: 'success',
    types: [0x8022, 0x0020],
    hex: '0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96',
  },
  {
    source: 'RFC 5769 2.3',
    key: shortTermKey,
    class: 'success',
    types: [0x8022, 0x0020],
    hex: '010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c',
  },
  {
    source: 'RFC 5769 2.4',
    key: longTerm,
    class: 'request',
    types: [0x0006, 0x0015, 0x0014],
    hex: '000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b900000015001c662f2f3439396b39353464364f4c33346f4c394653547679363473410014000b6578616d706c652e6f72670000080014f67024656dd64a3e02b8e0712e85c9a28ca89666',
  },
].map((vector) => ({ ...vector, octets: Buffer.from(vector.hex, 'hex') }));

describe('STUN message', () => {
  it.each(vectors)('[$source] is read and its checks hold', ({ octets, key, types, ...vector }) => {
    const message = decodeMessage(octets);
    expect(message).toMatchObject({ class: vector.class, method: 1 });
    expect(message.attributes.map(({ type }) => type)).toEqual(types);
    expect(isIntegrityValid(message, key)).toBe(true);
    expect(isIntegrityValid(message, Buffer.from('another key'))).toBe(false);
  });

  it.each(vectors)('[$source] is written again as it was, padding apart', ({ octets, key }) => {
    const message = decodeMessage(octets);
    const fingerprint = octets.at(-8) === 0x80 && octets.at(-7) === 0x28;
    const written = encodeMessage(message, { integrityKey: key, fingerprint });
    expect(written.length).toBe(octets.length);

    const { integrityAt = 0 } = message;
    const unpadded = Buffer.from(octets.subarray(0, integrityAt));
    for (const { value } of message.attributes) {
      const end = value.byteOffset - octets.byteOffset + value.length;
      unpadded.fill(0, end, (end + 3) & ~3);
    }
    expect(written.subarray(0, integrityAt)).toEqual(unpadded);
    const again = decodeMessage(written);
    expect(isIntegrityValid(again, key)).toBe(true);
    expect(again.attributes).toEqual(message.attributes);
  });

  it('[RFC 5769 2.4] is written again octet for octet', () => {
    const [, , , vector] = vectors;
    if (vector === undefined) throw new TypeError('expected the vector');
    const written = encodeMessage(decodeMessage(vector.octets), { integrityKey: vector.key, fingerprint: false });
    expect(written.toString('hex')).toBe(vector.hex);
    expect(vector.key.toString('hex')).toBe('e8ca7ad59d5eb0518e312911d2dab2a9');
  });

  it.each([
    { source: 'RFC 5769 2.2', at: 1, address: '192.0.2.1', family: 'IPv4' },
    { source: 'RFC 5769 2.3', at: 2, address: '2001:db8:1234:5678:11:2233:4455:6677', family: 'IPv6' },
  ] as const)('[$source] carries $address', ({ at, address, family }) => {
    const octets = vectors[at]?.octets ?? Buffer.alloc(0);
    const { transactionId, ...message } = decodeMessage(octets);
    const value = findAttribute({ transactionId, ...message }, 'XOR-MAPPED-ADDRESS') ?? Buffer.alloc(0);
    const endpoint = decodeXorAddress('XOR-MAPPED-ADDRESS', value, transactionId);
    expect(endpoint).toEqual({ family, address, port: 32_853 });
    expect(encodeXorAddress(endpoint, transactionId)).toEqual(value);
  });

  it('[RFC 8489 14.2] reads compressed IPv6 text', () => {
    const transactionId = Buffer.alloc(12, 7);
    const value = encodeXorAddress({ family: 'IPv6', address: '2001:db8::1', port: 1 }, transactionId);
    expect(decodeXorAddress('XOR-MAPPED-ADDRESS', value, transactionId).address).toBe('2001:db8:0:0:0:0:0:1');
  });

  it.each([
    { fault: 'a family of 3', value: '0003a147e112a643' },
    { fault: 'an IPv4 address of 3 octets', value: '0001a147e112a6' },
    { fault: 'an IPv6 address of 4 octets', value: '0002a147e112a643' },
    { fault: 'nothing', value: '' },
  ])('[RFC 8489 14.2] refuses an address with $fault', ({ value }) => {
    expect(() => decodeXorAddress('XOR-PEER-ADDRESS', Buffer.from(value, 'hex'), Buffer.alloc(12))).toThrow(
      expect.objectContaining({ code: 'ERR_STUN_ATTRIBUTE_MALFORMED' }),
    );
  });
});

describe('STUN message, malformed', () => {
  const good = encodeMessage(
    {
      class: 'request',
      method: 3,
      transactionId: Buffer.alloc(12, 1),
      attributes: [attribute('NONCE', Buffer.from('n'))],
    },
    { integrityKey: undefined, fingerprint: false },
  );
  const patched = (at: number, ...octets: readonly number[]): Buffer => {
    const copy = Buffer.from(good);
    for (const [step, octet] of octets.entries()) copy.writeUInt8(octet, at + step);
    return copy;
  };

  it('[RFC 8489 6.3] reads what the faults below start from', () => {
    expect(decodeMessage(good)).toMatchObject({ class: 'request', method: 3, integrityAt: undefined });
  });

  it.each([
    { fault: 'nothing', octets: Buffer.alloc(0) },
    { fault: 'one octet', octets: Buffer.alloc(1) },
    { fault: 'a header cut off', octets: good.subarray(0, 19) },
    { fault: 'the first bits set', octets: patched(0, 0x80) },
    { fault: 'another cookie', octets: patched(4, 0x22) },
    { fault: 'a length too short', octets: patched(3, 4) },
    { fault: 'a length too long', octets: patched(3, 12) },
    { fault: 'an attribute longer than the message', octets: patched(22, 0xff, 0xff) },
    { fault: 'half an attribute header', octets: Buffer.concat([patched(3, 10), Buffer.alloc(2)]) },
    { fault: '65 attributes', octets: manyAttributes(65) },
    { fault: 'a FINGERPRINT that is wrong', octets: withFingerprint((octets) => octets.fill(0, 24)) },
    { fault: 'a FINGERPRINT that is not the last', octets: withFingerprint((octets) => octets, Buffer.alloc(4)) },
  ])('[RFC 8489 6.3] refuses $fault', ({ octets }) => {
    expect(() => decodeMessage(octets)).toThrow(StunMalformed);
  });

  it('[RFC 8489 14.5] takes no notice of what follows MESSAGE-INTEGRITY', () => {
    const key = Buffer.from('key');
    const signed = encodeMessage(decodeMessage(good), { integrityKey: key, fingerprint: false });
    const more = Buffer.concat([signed, Buffer.from('000d00040000ffff', 'hex')]);
    more.writeUInt16BE(more.length - 20, 2);
    const message = decodeMessage(more);
    expect(findAttribute(message, 'LIFETIME')).toBeUndefined();
    expect(isIntegrityValid(message, key)).toBe(true);
  });

  it.each([
    { fault: 'three octets', value: '000004' },
    { fault: 'a class of 7', value: '00000700' },
    { fault: 'a number of 100', value: '00000464' },
  ])('[RFC 8489 14.8] refuses an ERROR-CODE of $fault', ({ value }) => {
    expect(() => decodeErrorCode(Buffer.from(value, 'hex'))).toThrow(StunError);
  });

  it('[RFC 8489 14.8] writes and reads an ERROR-CODE', () => {
    expect(decodeErrorCode(encodeErrorCode({ statusCode: 438, reasonPhrase: 'Stale Nonce' }))).toEqual({
      statusCode: 438,
      reasonPhrase: 'Stale Nonce',
    });
  });

  it('[RFC 8489 5] reads what it writes, whatever class, method and attributes', () => {
    const attributes = fc.array(
      fc.record({
        type: fc
          .integer({ min: 0x0010, max: 0x7fff })
          .filter((type) => type !== attributeType['MESSAGE-INTEGRITY-SHA256']),
        value: fc.uint8Array({ maxLength: 40 }).map((octets) => Buffer.from(octets)),
      }),
      { maxLength: 10 },
    );
    const message = fc.record({
      class: fc.constantFrom('request', 'indication', 'success', 'error'),
      method: fc.integer({ min: 0, max: 0xfff }),
      transactionId: fc.uint8Array({ minLength: 12, maxLength: 12 }).map((octets) => Buffer.from(octets)),
      attributes,
    });
    fc.assert(
      fc.property(message, fc.boolean(), (written, fingerprint) => {
        const key = Buffer.from('key');
        const read = decodeMessage(encodeMessage(written, { integrityKey: key, fingerprint }));
        expect(read).toMatchObject(written);
        expect(isIntegrityValid(read, key)).toBe(true);
      }),
    );
  });
});

function manyAttributes(count: number): Buffer {
  const attributes = Array.from({ length: count }, () => attribute('DATA', Buffer.alloc(0)));
  return encodeMessage(
    { class: 'request', method: 1, transactionId: Buffer.alloc(12), attributes },
    { integrityKey: undefined, fingerprint: false },
  );
}

function withFingerprint(change: (octets: Buffer) => Buffer, tail = Buffer.alloc(0)): Buffer {
  const octets = encodeMessage(
    { class: 'request', method: 1, transactionId: Buffer.alloc(12), attributes: [] },
    { integrityKey: undefined, fingerprint: true },
  );
  const changed = Buffer.concat([change(octets), tail]);
  changed.writeUInt16BE(changed.length - 20, 2);
  return changed;
}
