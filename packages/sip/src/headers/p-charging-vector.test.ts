import { expect, it } from 'vitest';
import { formatPChargingVector, parsePChargingVector } from './p-charging-vector.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'P-Charging-Vector',
  clause: 'RFC 7315 4.6',
  parse: parsePChargingVector,
  format: formatPChargingVector,
  wellFormed: [
    { source: 'RFC 7315 6.4', value: 'icid-value=1234bc9876e;icid-generated-at=192.0.6.8;orig-ioi=home1.net' },
    {
      source: 'TS 24.229 7.2A.5, a type prefix in quotes',
      value: 'icid-value="AyretyU0dm+6O2IrT5tAFrbHLso=";orig-ioi="Type 1visited1.net"',
    },
    { source: 'found by fuzzing: an escaped NUL', value: 'icid-value="a\\\0"' },
    {
      source: 'the ICID behind the others',
      value: 'orig-ioi=home1.net; icid-value=1',
      canonical: 'orig-ioi=home1.net;icid-value=1',
    },
  ],
  malformed: [
    { fault: 'no ICID', value: 'orig-ioi=home1.net', at: 0, expected: 'icid-value' },
    { fault: 'an empty ICID', value: 'icid-value=""', at: 0, expected: 'icid-value' },
    { fault: 'the ICID twice', value: 'icid-value=1;icid-value=2', at: 0, expected: 'each parameter once' },
    { fault: 'nothing', value: '', at: 0, expected: 'parameter name' },
  ],
});

it('[RFC 7315 4.6] writes none without an ICID', () => {
  expect(() => formatPChargingVector(new Map([['orig-ioi', 'home1.net']]))).toThrow(TypeError);
  for (const blank of ['', '""'])
    expect(() => formatPChargingVector(new Map([['icid-value', blank]]))).toThrow(TypeError);
});
