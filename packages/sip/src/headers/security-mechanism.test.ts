import { expect, it } from 'vitest';
import {
  formatSecurityMechanism,
  isSameMechanisms,
  parseSecurityMechanism,
  preferenceOf,
} from './security-mechanism.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Security-Client',
  clause: 'RFC 3329 2.2',
  parse: (value) => parseSecurityMechanism(value),
  format: formatSecurityMechanism,
  wellFormed: [
    { source: 'RFC 3329 3.1', value: 'tls;q=0.2' },
    { source: 'RFC 3329 3.1, digest', value: 'digest;d-alg=MD5;d-qop=auth;q=1.000' },
    {
      source: 'TS 33.203 annex H',
      value:
        'ipsec-3gpp;alg=hmac-sha-1-96;prot=esp;mod=trans;ealg=aes-cbc;spi-c=98765432;spi-s=87654321;port-c=8642;port-s=7531',
    },
    { source: 'white space and case', value: 'TLS ; Q=0.5', canonical: 'tls;q=0.5' },
    { source: 'no parameter', value: 'sdes-srtp' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'mechanism' },
    { fault: 'q above 1', value: 'tls;q=1.1', at: 3, expected: 'q from 0 to 1' },
    { fault: 'q of words', value: 'tls;q=high', at: 3, expected: 'q from 0 to 1' },
    { fault: 'no semicolon', value: 'tls q=1', at: 4, expected: 'end of value' },
  ],
});

it.each([
  ['tls;q=0.2', 0.2],
  ['tls;q=1.', 1],
  ['tls', 0.001],
])('[RFC 3329 2.2] the preference of %s is %s', (value, expected) => {
  expect(preferenceOf(parseSecurityMechanism(value))).toBe(expected);
});

it.each([
  [['tls;q=0.2', 'ipsec-ike;q=0.1'], ['TLS;Q=0.2', 'ipsec-ike;q=0.1'], true],
  [['tls;q=0.2', 'ipsec-ike;q=0.1'], ['tls;q=0.2'], false],
  [['tls;q=0.2', 'ipsec-ike;q=0.1'], ['ipsec-ike;q=0.1', 'tls;q=0.2'], false],
  [['tls;q=0.2'], ['tls;q=0.3'], false],
  [['tls;q=0.2'], ['tls;q=0.2;x=1'], false],
  [[], [], true],
])('[RFC 3329 2.3.1] %j repeated as %j is the same: %s', (server, verify, expected) => {
  const read = (values: readonly string[]) => values.map((value) => parseSecurityMechanism(value));
  expect(isSameMechanisms(read(server), read(verify))).toBe(expected);
});
