import { describe, expect, it } from 'vitest';
import { type Challenge, formatOtherChallenge, parseChallenge, parseChallenges } from './challenge.ts';
import { formatBearerChallenge } from './challenge-bearer.ts';
import { formatDigestChallenge } from './challenge-digest.ts';
import { testHeader } from './testing/header-table.ts';

function format(challenge: Challenge): string {
  if (challenge.scheme === 'Digest') return formatDigestChallenge(challenge);
  return challenge.scheme === 'Bearer' ? formatBearerChallenge(challenge) : formatOtherChallenge(challenge);
}

testHeader({
  name: 'WWW-Authenticate',
  clause: 'RFC 3261 20.44',
  parse: (value) => parseChallenge(value),
  format,
  wellFormed: [
    {
      source: 'RFC 3261 20.44, the example',
      value:
        'Digest realm="atlanta.com", domain="sip:boxesbybob.com", qop="auth", nonce="f84f1cec41e6cbe5aea9c8e88d359", opaque="", stale=FALSE, algorithm=MD5',
      canonical:
        'Digest realm="atlanta.com",domain="sip:boxesbybob.com",nonce="f84f1cec41e6cbe5aea9c8e88d359",opaque="",algorithm=MD5,qop="auth"',
    },
    {
      source: 'RFC 7616 3.9.2, userhash and charset',
      value:
        'Digest realm="api@example.org",nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC",opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS",algorithm=SHA-512-256,qop="auth",userhash=true,charset=UTF-8',
    },
    { source: 'RFC 7616 3.3, stale and two qops', value: 'Digest realm="a",nonce="b",stale=true,qop="auth,auth-int"' },
    { source: 'RFC 2069, no qop', value: 'Digest realm="a",nonce="b"' },
    {
      source: 'TS 24.229 7.2A.1, keys for the P-CSCF',
      value: 'Digest realm="home1.net",nonce="b64==",algorithm=AKAv1-MD5,qop="auth",ik="00112233",ck="445566"',
    },
    { source: 'a realm in UTF-8 with quotes', value: String.raw`Digest realm="Jäsøn \"x\" \\y",nonce="b"` },
    {
      source: 'RFC 8898 4',
      value:
        'Bearer realm="example.com",scope="sip register",authz_server="https://as.example/t",error="invalid_token"',
    },
    { source: 'Bearer without parameters', value: 'bearer', canonical: 'Bearer' },
    { source: 'RFC 7235 2.1, another scheme', value: 'NewScheme a="b",c="d"' },
    { source: 'RFC 7235 2.1, a scheme alone', value: 'Negotiate' },
    { source: 'wide spacing', value: 'Digest  realm = "a" , nonce="b"', canonical: 'Digest realm="a",nonce="b"' },
  ],
  malformed: [
    { fault: 'no scheme', value: '="x"', at: 0, expected: 'scheme' },
    { fault: 'Digest without realm', value: 'Digest nonce="b"', at: 6, expected: 'realm' },
    { fault: 'Digest without nonce', value: 'Digest realm="b"', at: 6, expected: 'nonce' },
    { fault: 'a parameter twice', value: 'Digest realm="a",realm="b"', at: 17, expected: 'each parameter once' },
    { fault: 'stale=maybe', value: 'Digest realm="a",nonce="b",stale=maybe', at: 33, expected: 'true or false' },
    {
      fault: 'an algorithm that is no token',
      value: 'Digest realm="a",nonce="b",algorithm="M D"',
      at: 37,
      expected: 'token',
    },
    {
      fault: 'a qop of no tokens',
      value: 'Digest realm="a",nonce="b",qop="a b"',
      at: 31,
      expected: 'tokens with commas between',
    },
    { fault: 'an open quote', value: 'Digest realm="a', at: 13, expected: 'closing quote' },
    { fault: 'a comma at the end', value: 'Digest realm="a",nonce="b",', at: 27, expected: 'parameter name or scheme' },
    { fault: 'a token68', value: 'Negotiate YWJj', at: 14, expected: "'='" },
    { fault: 'text after the value', value: 'Digest realm="a" nonce="b"', at: 17, expected: 'end of value' },
    {
      fault: 'two challenges where one belongs',
      value: 'Digest realm="a",nonce="b",Basic realm="c"',
      at: 0,
      expected: 'one challenge',
    },
  ],
});

describe('several challenges in one header field', () => {
  it('[RFC 7235 4.1] are told apart, in their order', () => {
    const value =
      'Digest realm="a, Basic realm=x",nonce="1",algorithm=SHA-256, Digest realm="a" , nonce="2", Negotiate, Bearer scope="s"';
    const challenges = parseChallenges(value);
    expect(challenges.map(format)).toEqual([
      'Digest realm="a, Basic realm=x",nonce="1",algorithm=SHA-256',
      'Digest realm="a",nonce="2"',
      'Negotiate',
      'Bearer scope="s"',
    ]);
  });

  it('[RFC 7235 4.1] are at most 16', () => {
    const many = (count: number): string => Array.from({ length: count }, () => 'Negotiate').join(', ');
    expect(parseChallenges(many(16))).toHaveLength(16);
    expect(() => parseChallenges(many(17))).toThrow(expect.objectContaining({ code: 'ERR_SIP_MESSAGE_TOO_LARGE' }));
  });

  it('[RFC 3261 20.27] names the header field it was found in', () => {
    expect(() => parseChallenges('Digest realm="a"', 'Proxy-Authenticate')).toThrow(/^Proxy-Authenticate: /u);
  });
});

describe('a challenge is not written', () => {
  const challenge = {
    scheme: 'Digest',
    realm: 'a',
    nonce: 'b',
    algorithm: 'MD5',
    qop: ['auth'],
    opaque: undefined,
    stale: false,
    domain: undefined,
    userhash: false,
    params: new Map(),
  } as const;

  it.each([
    { fault: 'an algorithm that brings a parameter along', change: { algorithm: 'MD5,stale=true' } },
    { fault: 'a qop that does', change: { qop: ['auth",x="'] } },
    { fault: 'a line end', change: { realm: 'a\nb' } },
    { fault: 'a name that is no token', change: { params: new Map([['a b', 'c']]) } },
  ])('[RFC 3261 25.1] with $fault', ({ change }) => {
    expect(() => formatDigestChallenge({ ...challenge, ...change })).toThrow(TypeError);
  });

  it('[RFC 7235 2.1] with a scheme that is no token', () => {
    expect(() => formatOtherChallenge({ scheme: 'other', name: 'a b', params: new Map() })).toThrow(TypeError);
  });
});
