import { describe, expect, it } from 'vitest';
import { readAccessTokenClaims } from './access-token-claims.ts';

const issuer = 'https://localhost:8444';
const claims = { iss: issuer, sub: 'alice', impi: 'alice@ims.example', impu: ['sip:alice@ims.example', 'tel:+1555'] };

function tokenOf(payload: unknown): string {
  return `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.AAAA`;
}

const malformed = [
  { fault: 'no JWT', token: 'opaque' },
  { fault: 'five parts', token: 'a.b.c.d.e' },
  { fault: 'no JSON', token: 'e30.!!!!.A' },
  { fault: 'null', token: tokenOf(null) },
  { fault: 'a list', token: tokenOf([1]) },
  { fault: 'too long', token: tokenOf({ ...claims, x: 'x'.repeat(20_000) }) },
  { fault: 'another issuer', token: tokenOf({ ...claims, iss: 'https://evil.example' }) },
  { fault: 'no sub', token: tokenOf({ ...claims, sub: undefined }) },
  { fault: 'no impi', token: tokenOf({ ...claims, impi: undefined }) },
  { fault: 'a long impi', token: tokenOf({ ...claims, impi: 'a'.repeat(256) }) },
  { fault: 'no impu', token: tokenOf({ ...claims, impu: undefined }) },
  { fault: 'an empty impu', token: tokenOf({ ...claims, impu: [] }) },
  { fault: 'impu as a text', token: tokenOf({ ...claims, impu: 'sip:alice@ims.example' }) },
  { fault: 'a number in impu', token: tokenOf({ ...claims, impu: [7] }) },
  { fault: 'a script in impu', token: tokenOf({ ...claims, impu: ['javascript:alert(1)'] }) },
  { fault: 'too many impus', token: tokenOf({ ...claims, impu: Array.from({ length: 51 }, () => 'sip:a@b') }) },
];

describe('readAccessTokenClaims', () => {
  it('[REQ 2.4] reads the identities', () => {
    expect(readAccessTokenClaims(tokenOf(claims), issuer)).toEqual({
      subject: 'alice',
      impi: 'alice@ims.example',
      impus: ['sip:alice@ims.example', 'tel:+1555'],
    });
  });

  it.each(malformed)('[REQ 2.4] refuses $fault', ({ token }) => {
    expect(() => readAccessTokenClaims(token, issuer)).toThrow(
      expect.objectContaining({ code: 'ERR_WWSF_WAF_DISAGREES' }),
    );
  });
});
