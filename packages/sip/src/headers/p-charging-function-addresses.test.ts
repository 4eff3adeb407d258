import { expect, it } from 'vitest';
import { formatPChargingFunctionAddresses, parsePChargingFunctionAddresses } from './p-charging-function-addresses.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'P-Charging-Function-Addresses',
  clause: 'RFC 7315 4.5',
  parse: parsePChargingFunctionAddresses,
  format: formatPChargingFunctionAddresses,
  wellFormed: [
    { source: 'RFC 7315 6.5', value: 'ccf=192.1.1.1; ccf=192.1.1.2', canonical: 'ccf=192.1.1.1;ccf=192.1.1.2' },
    { source: 'IPv6', value: 'ccf=[5555::b99:c88:d77:e66];ecf=[5555::1ff:2ee:3dd:4cc]' },
    { source: 'a Diameter URI in quotes', value: 'ccf="aaa://ccf.home1.net:3868"' },
    { source: 'commas, which some peers write', value: 'ccf=a, ecf=b', canonical: 'ccf=a;ecf=b' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'parameter name' },
    { fault: 'an open quote', value: 'ccf="a', at: 4, expected: 'closing quote' },
    { fault: 'two words', value: 'ccf=a ecf=b', at: 6, expected: 'end of value' },
  ],
});

it('[RFC 7315 4.5] bounds the addresses', () => {
  const value = Array.from({ length: 17 }, () => 'ccf=a').join(';');
  expect(() => parsePChargingFunctionAddresses(value)).toThrow(
    expect.objectContaining({ code: 'ERR_SIP_MESSAGE_TOO_LARGE' }),
  );
});
