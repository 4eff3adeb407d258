import {
  AttributeMalformed,
  type DecodedMessage,
  decodeMessage,
  encodePasswordAlgorithms,
  StunError,
} from '@wicgate/stun';
import { createTurnCredential } from '@wicgate/turn-credentials';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { AuthenticationBench, keyOf } from '../testing/authentication-bench.ts';
import { testSecret } from '../testing/test-server.ts';
import { TestFiles, testAccess } from '../testing/turn-access-keys.ts';

const files = new TestFiles();
afterAll(() => files.remove());

const bench = new AuthenticationBench({ TURN_OAUTH_KEYS_FILE: files.keys() });
const { username, password } = createTurnCredential({
  key: Buffer.from(testSecret),
  expiresAtSeconds: 1_700_000_600,
  random: (length) => new Uint8Array(length).fill(3),
});
const access = testAccess({ issuedAtMs: bench.nowMs });
const choice = {
  'PASSWORD-ALGORITHM': encodePasswordAlgorithms(['SHA-256']),
  'PASSWORD-ALGORITHMS': encodePasswordAlgorithms(['SHA-256', 'MD5']),
};
const strong = { key: keyOf(username, password, 'SHA-256'), hash: 'sha256' } as const;
const token = { 'USERNAME': access.kid, 'ACCESS-TOKEN': Buffer.from(access.accessToken) };

const seeds = [
  { what: 'a password', request: bench.request({ USERNAME: username }, { key: keyOf(username, password) }) },
  { what: 'a password by SHA-256', request: bench.request({ USERNAME: username, ...choice }, strong) },
  { what: 'a token', request: bench.request(token, { key: Buffer.from(access.macKey) }) },
];

/** The refusal, or who made the request; `malformed` if it is no message at all. Any other error goes on up. */
function outcomeOf(octets: Buffer): string {
  try {
    return bench.outcome(decodeMessage(octets));
  } catch (error) {
    if (error instanceof AttributeMalformed) return '400';
    if (error instanceof StunError) return 'malformed';
    throw error;
  }
}

/** Where what the integrity attribute covers ends, the attribute included. */
function protectedEnd({ octets, integrityAt, integritySha256At }: DecodedMessage): number {
  return integritySha256At === undefined ? (integrityAt ?? octets.length) + 24 : integritySha256At + 36;
}

const refused = /^(?:malformed|400|401|438)$/;

describe('Mutated requests', () => {
  it.each(seeds)('[RFC 8489 9.2.4] no flipped bit of one with $what is accepted', ({ request }) => {
    expect(outcomeOf(request.octets)).toMatch(/^[0-9a-f]{24,32}$/);
    for (let bit = 0; bit < 8 * protectedEnd(request); bit += 1) {
      const flipped = Buffer.from(request.octets);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(outcomeOf(flipped)).toMatch(refused);
    }
  });

  it('[RFC 8489 9.2.4] [RFC 7635 6.2] whatever else is done to one, it is refused', () => {
    const mutant = fc
      .tuple(fc.constantFrom(...seeds), fc.nat(200), fc.nat(200), fc.uint8Array({ maxLength: 40 }))
      .map(([{ request }, from, to, noise]) => {
        const { octets } = request;
        const changed = Buffer.concat([octets.subarray(0, from), noise, octets.subarray(to)]);
        if (changed.length >= 20) changed.writeUInt16BE(changed.length - 20, 2);
        return { octets, changed, end: protectedEnd(request) };
      })
      .filter(({ octets, changed, end }) => !changed.subarray(20, end).equals(octets.subarray(20, end)));
    fc.assert(
      fc.property(mutant, ({ changed }) => {
        expect(outcomeOf(changed)).toMatch(refused);
      }),
      { numRuns: 2_000 },
    );
  });
});
