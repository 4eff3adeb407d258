import { describe, expect, it } from 'vitest';
import { type AvpName, avps, findAvpName, vendors } from './avps.ts';

describe('AVPs of Cx', () => {
  it.each<[number, AvpName]>([
    [656, 'Allowed-WAF-WWSF-Identities'],
    [657, 'WebRTC-Authentication-Function-Name'],
    [658, 'WebRTC-Web-Server-Function-Name'],
  ])('[TS 29.229 6.3.64] [HSS 10] 3GPP %i is %s, and no AVP of the IETF', (code, name) => {
    expect(findAvpName(vendors.TGPP, code)).toBe(name);
    expect(findAvpName(vendors.IETF, code)).toBeUndefined();
  });

  it.each<[number, AvpName, AvpName]>([
    [621, 'Primary-Charging-Collection-Function-Name', 'OC-Supported-Features'],
    [623, 'User-Authorization-Type', 'OC-OLR'],
  ])('[TS 29.229 6.3] [HSS 10] tells the two AVPs of code %i apart by their vendor', (code, ofTgpp, ofIetf) => {
    expect(findAvpName(vendors.TGPP, code)).toBe(ofTgpp);
    expect(findAvpName(vendors.IETF, code)).toBe(ofIetf);
  });

  it('[TS 29.229 6.3] [HSS 10] has each pair of vendor and code once', () => {
    const pairs = Object.values(avps).map(({ vendorId, code }) => `${vendorId} ${code}`);
    expect(new Set(pairs).size).toBe(pairs.length);
  });
});
