import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeAccessToken } from './access-token.ts';
import type { AsRsKey } from './as-rs-key.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { integrityKeyOf } from './integrity-key.ts';
import { createTurnAccess, readTurnAccessToken, type TurnAccess, turnAccessTokenId } from './turn-access.ts';

const utf8 = new TextEncoder();
const macKey = utf8.encode('ZksjpweoixXmvn67534m');
/** 92470300704768, the timestamp of the vectors, in seconds and 64,000th parts. */
const vectorSeconds = 1_410_984_813;
const vectorFraction = 0;
const vectors = [
  {
    algorithm: 'A256GCM',
    key: 'HGkj32KJGiuy098sdfaqbNjOiaz71923',
    token:
      '000c68346a336b326c326e346235617ef134a3d5e44e9a19cc7dc104b0c03d03b2a551d8fdf5cd3b6dca6f10cfb77e5b2ddec84d293a5c50499359f0c2e26f76',
  },
  {
    algorithm: 'A128GCM',
    key: 'HGkj32KJGiuy098s',
    token:
      '000c68346a336b326c326e3462357fb9e99f0827be3df1e1bd651493d3031d36df57079784aee5eacb65fad4f27fab1a3f97974b69f851b24bf5af09eda357e0',
  },
] as const;

const asRsKey: AsRsKey = { kid: 'k1', algorithm: 'A256GCM', key: new Uint8Array(32).fill(5) };
const serverName = 'turn.ims.example';
const issuedAtMs = 1_700_000_000_250;

function access(change: Readonly<Record<string, unknown>> = {}): TurnAccess {
  const random = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => length + at);
  return createTurnAccess({ asRsKey, serverName, issuedAtMs, lifetimeSeconds: 600, random, ...change });
}

function read(accessToken: Uint8Array, change: Readonly<Record<string, unknown>> = {}): unknown {
  return readTurnAccessToken(accessToken, { asRsKey, serverName, nowMs: issuedAtMs, ...change });
}

function refusal(part: 'MALFORMED' | 'NOT_AUTHENTIC' | 'EXPIRED'): unknown {
  return expect.objectContaining({ code: `ERR_TURN_ACCESS_TOKEN_${part}` });
}

describe('Access token, vectors', () => {
  it.each(vectors)('[WAF 6] [X.5.3.1 a] [RFC 7635 6.2] writes and reads the sample with $algorithm', (vector) => {
    const seal = {
      asRsKey: { kid: '2783466234', algorithm: vector.algorithm, key: utf8.encode(vector.key) },
      serverName: 'blackdow.carleon.gov',
    };
    const content = { macKey, seconds: vectorSeconds, fraction: vectorFraction, lifetimeSeconds: 3_600 };
    const token = encodeAccessToken(content, utf8.encode('h4j3k2l2n4b5'), seal);
    expect(hexOf(token)).toBe(vector.token);
    expect(readTurnAccessToken(token, { ...seal, nowMs: 1_000 * vectorSeconds })).toEqual({
      macKey,
      issuedAtMs: 1_000 * vectorSeconds,
      lifetimeSeconds: 3_600,
      expiresAtSeconds: vectorSeconds + 3_600,
    });
  });

  it('[WAF 6] [TURN server 4] [RFC 7635 6.2] reads the sample of coturn', () => {
    const token = octetsOf('AAy1JBYVLo16iq9gFdHyyknmx5T/Lq9YlbxgUdLcStOFS0H8xhHceHOL2f49qxp4uBpGuuLeLqk+RcAa5uP2EQ==');
    const key = octetsOf('SEdrajMyS0pHaXV5MDk4c2RmYXFiTmpPaWF6NzE5MjM=');
    const seal = { asRsKey: { kid: 'oldempire', algorithm: 'A256GCM', key }, serverName: 'example.com' } as const;
    expect(readTurnAccessToken(token, { ...seal, nowMs: 249_231_600_000 })).toEqual({
      macKey,
      issuedAtMs: 249_231_600_000,
      lifetimeSeconds: 3_600,
      expiresAtSeconds: 249_235_200,
    });
  });
});

describe('Access token', () => {
  it('[X.5.3.1 a] [WAF 6] gives kid, token, session key and a common end', () => {
    const made = access();
    expect(made).toMatchObject({ kid: 'k1', expiresAtSeconds: 1_700_000_600 });
    expect(made.macKey).toHaveLength(20);
    expect(made.accessToken).toHaveLength(64);
    expect(read(made.accessToken)).toEqual({
      macKey: made.macKey,
      issuedAtMs,
      lifetimeSeconds: 600,
      expiresAtSeconds: 1_700_000_600,
    });
  });

  it.each([16, 20, 32, 64])('[RFC 7635 6.2] carries a mac key of %d octets', (macKeyLength) => {
    const made = access({ macKeyLength });
    expect(made.macKey).toHaveLength(macKeyLength);
    expect(read(made.accessToken)).toMatchObject({ macKey: made.macKey });
  });

  it.each([
    ['issuedAtMs', -1],
    ['issuedAtMs', 1.5],
    ['lifetimeSeconds', 0],
    ['lifetimeSeconds', 0x1_0000_0000],
    ['lifetimeSeconds', Number.NaN],
    ['macKeyLength', 15],
    ['macKeyLength', 65],
  ])('[RFC 7635 6.2] makes none with %s of %d', (name, value) => {
    expect(() => access({ [name]: value })).toThrow(TypeError);
  });

  it('[RFC 7635 6.2] makes none from a random source that gives too little, or a key of another length', () => {
    expect(() => access({ random: () => new Uint8Array(3) })).toThrow(TypeError);
    expect(() => access({ asRsKey: { ...asRsKey, algorithm: 'A128GCM' } })).toThrow(TypeError);
  });

  it('[X.5.3.1 a] [TURN server 4] [RFC 7635 7] is good until its end and less than 5 s more', () => {
    const { accessToken } = access();
    const endMs = issuedAtMs + 600_000;
    expect(read(accessToken, { nowMs: endMs + 4_999 })).toMatchObject({ lifetimeSeconds: 600 });
    expect(() => read(accessToken, { nowMs: endMs + 5_000 })).toThrow(refusal('EXPIRED'));
  });

  it('[TURN server 4] [RFC 7635 7] counts the fraction of its timestamp', () => {
    const { accessToken } = access({ issuedAtMs: 1_700_000_000_999 });
    expect(read(accessToken, { nowMs: 1_700_000_605_998 })).toMatchObject({ issuedAtMs: 1_700_000_000_999 });
    expect(() => read(accessToken, { nowMs: 1_700_000_605_999 })).toThrow(refusal('EXPIRED'));
  });

  it('[TURN server 4] [RFC 7635 7] from a clock far ahead is refused, from one a little ahead is not', () => {
    const { accessToken } = access({ lifetimeSeconds: 1 });
    expect(read(accessToken, { nowMs: issuedAtMs - 5_999 })).toMatchObject({ issuedAtMs });
    expect(() => read(accessToken, { nowMs: issuedAtMs - 6_000 })).toThrow(refusal('EXPIRED'));
  });

  it('[TURN server 4] [RFC 7635 6.2] is for one server and one key', () => {
    const { accessToken } = access();
    const otherKey = { ...asRsKey, key: new Uint8Array(32).fill(6) };
    const otherAlgorithm = { ...asRsKey, algorithm: 'A128GCM', key: asRsKey.key.subarray(0, 16) };
    expect(() => read(accessToken, { serverName: 'turn.other.example' })).toThrow(refusal('NOT_AUTHENTIC'));
    expect(() => read(accessToken, { serverName: '' })).toThrow(refusal('NOT_AUTHENTIC'));
    expect(() => read(accessToken, { asRsKey: otherKey })).toThrow(refusal('NOT_AUTHENTIC'));
    expect(() => read(accessToken, { asRsKey: otherAlgorithm })).toThrow(refusal('NOT_AUTHENTIC'));
  });

  it.each([16, 20, 64])(
    '[TURN server 4] [RFC 7635 6.2] with %d octets of key, no bit of it may flip',
    (macKeyLength) => {
      const { accessToken } = access({ macKeyLength });
      for (let bit = 0; bit < 8 * accessToken.length; bit += 1) {
        const flipped = Uint8Array.from(accessToken);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        // The first two octets are the length of the nonce, and in the clear.
        expect(() => read(flipped)).toThrow(refusal(bit < 16 ? 'MALFORMED' : 'NOT_AUTHENTIC'));
      }
    },
  );

  it('[TURN server 4] [RFC 7635 6.2] cut, lengthened or otherwise mutated it is refused', () => {
    const { accessToken } = access();
    const mutant = fc
      .tuple(fc.nat(64), fc.nat(64), fc.uint8Array({ maxLength: 60 }))
      .map(([from, to, noise]) => Uint8Array.of(...accessToken.slice(0, from), ...noise, ...accessToken.slice(to)))
      .filter((octets) => hexOf(octets) !== hexOf(accessToken));
    const refused = expect.objectContaining({
      code: expect.stringMatching(/^ERR_TURN_ACCESS_TOKEN_(MALFORMED|NOT_AUTHENTIC)$/),
    });
    fc.assert(
      fc.property(mutant, (octets) => {
        expect(() => read(octets)).toThrow(refused);
      }),
    );
  });

  it.each([0, 1, 43, 44, 109, 65_535])('[RFC 7635 6.2] %d octets of zeros are malformed', (length) => {
    expect(() => read(new Uint8Array(length))).toThrow(refusal('MALFORMED'));
  });

  it('[RFC 7635 6.2] whose sealed mac key is too short is malformed, though it is authentic', () => {
    const content = { macKey: new Uint8Array(15), seconds: 1_700_000_000, fraction: 0, lifetimeSeconds: 600 };
    const token = encodeAccessToken(content, new Uint8Array(12), { asRsKey, serverName });
    expect(() => read(token)).toThrow(refusal('MALFORMED'));
  });

  it('[RFC 7635 6.2] holds the latest time and the longest lifetime', () => {
    const content = { macKey, seconds: 0xffff_ffff_ffff, fraction: 63_999, lifetimeSeconds: 0xffff_ffff };
    const token = encodeAccessToken(content, new Uint8Array(12), { asRsKey, serverName });
    expect(read(token, { nowMs: 1_000 * content.seconds })).toMatchObject({
      issuedAtMs: 1_000 * content.seconds + 999,
      lifetimeSeconds: 0xffff_ffff,
    });
  });

  it('[X.5.3.1 c] has a name of its own, made of it one way', () => {
    const { accessToken } = access();
    expect(turnAccessTokenId(accessToken)).toMatch(/^[0-9a-f]{32}$/);
    expect(turnAccessTokenId(accessToken)).toBe(turnAccessTokenId(access().accessToken));
    expect(turnAccessTokenId(accessToken)).not.toBe(turnAccessTokenId(access({ lifetimeSeconds: 601 }).accessToken));
  });

  it('[X.5.3.1 c] [TURN server 6] names no person: a kid, and a token whose content cannot be seen', () => {
    const made = access();
    expect(hexOf(made.accessToken)).not.toContain(hexOf(made.macKey));
    expect(new Set(Object.keys(made))).toEqual(new Set(['accessToken', 'expiresAtSeconds', 'kid', 'macKey']));
  });
});

describe('Keying', () => {
  it('[RFC 7635 4.2] uses the whole mac key', () => {
    expect(integrityKeyOf(macKey, 'rfc7635')).toEqual(macKey);
  });

  it('[RFC 7635 4.2] as coturn does it uses the first 16 octets', () => {
    expect(integrityKeyOf(macKey, 'coturn')).toEqual(utf8.encode('ZksjpweoixXmvn67'));
  });
});

function octetsOf(base64: string): Uint8Array {
  return decodeBase64(base64) ?? new Uint8Array();
}

function hexOf(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

it('[RFC 4648 4] the samples of this file are whole', () => {
  expect(encodeBase64(octetsOf('SEdrajMyS0pHaXV5MDk4c2RmYXFiTmpPaWF6NzE5MjM='))).toHaveLength(44);
});
