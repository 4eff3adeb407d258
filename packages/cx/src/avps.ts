/**
 * The AVPs that the fields of Cx commands stand for (TS 29.229 6.3), keyed by vendor and code.
 *
 * A code alone names nothing: 621 and 623 are AVPs of 3GPP's, and others of the IETF's.
 *
 * @module
 */

export const vendors = { IETF: 0, TGPP: 10415 } as const;

export interface Avp {
  readonly vendorId: number;
  readonly code: number;
}

const tgpp = (code: number): Avp => ({ vendorId: vendors.TGPP, code });
const ietf = (code: number): Avp => ({ vendorId: vendors.IETF, code });

/** Names as TS 29.229, RFC 6733, RFC 4740 and RFC 7683 have them. */
export const avps = {
  'User-Name': ietf(1),
  'Digest-Realm': ietf(104),
  'Digest-QoP': ietf(110),
  'Digest-Algorithm': ietf(111),
  'Digest-HA1': ietf(121),
  'Result-Code': ietf(268),
  'Experimental-Result': ietf(297),
  'OC-Supported-Features': ietf(621),
  'OC-OLR': ietf(623),
  'Visited-Network-Identifier': tgpp(600),
  'Public-Identity': tgpp(601),
  'Server-Name': tgpp(602),
  'Server-Capabilities': tgpp(603),
  'Mandatory-Capability': tgpp(604),
  'Optional-Capability': tgpp(605),
  'User-Data': tgpp(606),
  'SIP-Number-Auth-Items': tgpp(607),
  'SIP-Authentication-Scheme': tgpp(608),
  'SIP-Authenticate': tgpp(609),
  'SIP-Authorization': tgpp(610),
  'SIP-Auth-Data-Item': tgpp(612),
  'SIP-Item-Number': tgpp(613),
  'Server-Assignment-Type': tgpp(614),
  'Deregistration-Reason': tgpp(615),
  'Reason-Code': tgpp(616),
  'Reason-Info': tgpp(617),
  'Charging-Information': tgpp(618),
  'Primary-Charging-Collection-Function-Name': tgpp(621),
  'User-Authorization-Type': tgpp(623),
  'User-Data-Already-Available': tgpp(624),
  'Confidentiality-Key': tgpp(625),
  'Integrity-Key': tgpp(626),
  'Originating-Request': tgpp(633),
  'SIP-Digest-Authenticate': tgpp(635),
  'UAR-Flags': tgpp(637),
  'Identity-with-Emergency-Registration': tgpp(651),
  'Allowed-WAF-WWSF-Identities': tgpp(656),
  'WebRTC-Authentication-Function-Name': tgpp(657),
  'WebRTC-Web-Server-Function-Name': tgpp(658),
  'Alternate-Digest-Algorithm': tgpp(662),
  'Alternate-Digest-HA1': tgpp(663),
} as const satisfies Readonly<Record<string, Avp>>;

export type AvpName = keyof typeof avps;

const names: ReadonlyMap<string, string> = new Map(
  Object.entries(avps).map(([name, { vendorId, code }]) => [keyOf(vendorId, code), name]),
);

/** The name of that vendor's AVP; undefined for one that Cx here does not know. */
export function findAvpName(vendorId: number, code: number): AvpName | undefined {
  return names.get(keyOf(vendorId, code)) as AvpName | undefined;
}

function keyOf(vendorId: number, code: number): string {
  return `${vendorId} ${code}`;
}
