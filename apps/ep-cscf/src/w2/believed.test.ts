import { Headers } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { withoutAssertions, withoutRequestClaims } from './believed.ts';

const spoofed = [
  ['P-Asserted-Identity', '<sip:bob@ims.example>'],
  ['P-Charging-Vector', 'icid-value=1'],
  ['P-Charging-Function-Addresses', 'ccf=192.0.2.1'],
  ['p-charging-anything', 'x'],
  ['Path', '<sip:evil.example;lr>'],
  ['Service-Route', '<sip:evil.example;lr>'],
  ['P-Served-User', '<sip:bob@ims.example>'],
  ['P-Asserted-Service', 'urn:urn-7:3gpp-service.ims.icsi.mmtel'],
  ['P-Associated-URI', '<sip:bob@ims.example>'],
  ['P-Visited-Network-ID', '"other"'],
  ['Attestation-Info', 'A'],
  ['Origination-Id', '123e4567-e89b-12d3-a456-426655440000'],
  ['Priority-Verstat', 'TN-Validation-Passed'],
  ['P-Access-Network-Info', 'IEEE-802.11;network-provided'],
  ['P-Access-Network-Info', '3GPP-NR-FDD;np'],
  ['P-Access-Network-Info', '3GPP-NR-FDD ; NP=1'],
  ['P-Access-Network-Info', '3GPP-NR-FDD;;network-provided'],
  ['P-Access-Network-Info', '3GPP NR;network-provided'],
] as const;

describe('what a UE may not say', () => {
  it.each(spoofed)('[TS 24.229 5.2.6.3] removes %s: %s', (name, value) => {
    const headers = Headers.of(['From', '<sip:alice@ims.example>'], [name, value], ['X-Own', 'kept']);
    expect(withoutRequestClaims(headers).toString()).toBe('From: <sip:alice@ims.example>\r\nX-Own: kept\r\n');
    expect(withoutAssertions(headers).has(name)).toBe(false);
  });

  it('[TS 24.229 5.2.6.3] leaves what a UE may say', () => {
    const headers = Headers.of(
      ['P-Preferred-Identity', '<sip:alice@ims.example>'],
      ['P-Access-Network-Info', 'IEEE-802.11;i-wlan-node-id=npnpnpnpnpnp'],
      ['P-Access-Network-Info', '3GPP-NR-FDD;utran-cell-id-3gpp="a;np"'],
      ['Privacy', 'id'],
    );
    expect(withoutRequestClaims(headers)).toBe(headers);
  });

  it('[24.229 5.2.6.4] leaves the Record-Route of a response, which the UE only mirrors', () => {
    const headers = Headers.of(['Record-Route', '<sip:127.0.0.1:8449;lr>']);
    expect(withoutAssertions(headers).has('Record-Route')).toBe(true);
    expect(withoutRequestClaims(headers).has('Record-Route')).toBe(false);
  });
});
