import { expect, it } from 'vitest';
import { formatPAccessNetworkInfo, isNetworkProvided, parsePAccessNetworkInfo } from './p-access-network-info.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'P-Access-Network-Info',
  clause: 'RFC 7315 4.4',
  parse: parsePAccessNetworkInfo,
  format: formatPAccessNetworkInfo,
  wellFormed: [
    { source: 'RFC 7315 6.3', value: '3GPP-UTRAN-TDD;utran-cell-id-3gpp=234151D0FCE11' },
    { source: 'TS 24.229 7.2A.4, WLAN', value: 'IEEE-802.11;i-wlan-node-id=ffffffffffff' },
    {
      source: 'quotes and a flag',
      value: '3GPP-NR-FDD ; utran-cell-id-3gpp="2341" ; Network-Provided',
      canonical: '3GPP-NR-FDD;utran-cell-id-3gpp="2341";network-provided',
    },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'access type' },
    { fault: 'two words', value: 'IEEE 802.11', at: 5, expected: 'end of value' },
    { fault: 'a parameter twice', value: 'ADSL;np;np', at: 8, expected: 'each parameter once' },
  ],
});

it.each([
  ['ADSL;network-provided', true],
  ['ADSL;NP', true],
  ['ADSL;dsl-location=np', false],
])('[TS 24.229 7.2A.4.2] %s is provided by the network: %s', (value, expected) => {
  expect(isNetworkProvided(parsePAccessNetworkInfo(value))).toBe(expected);
});
