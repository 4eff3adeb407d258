/**
 * STUN attribute types (RFC 8489 18.3, RFC 8656 18, RFC 6062 6.2, RFC 7635 10).
 *
 * @module
 */

export const attributeType = {
  'MAPPED-ADDRESS': 0x0001,
  'USERNAME': 0x0006,
  'MESSAGE-INTEGRITY': 0x0008,
  'ERROR-CODE': 0x0009,
  'UNKNOWN-ATTRIBUTES': 0x000a,
  'CHANNEL-NUMBER': 0x000c,
  'LIFETIME': 0x000d,
  'XOR-PEER-ADDRESS': 0x0012,
  'DATA': 0x0013,
  'REALM': 0x0014,
  'NONCE': 0x0015,
  'XOR-RELAYED-ADDRESS': 0x0016,
  'REQUESTED-ADDRESS-FAMILY': 0x0017,
  'EVEN-PORT': 0x0018,
  'REQUESTED-TRANSPORT': 0x0019,
  'DONT-FRAGMENT': 0x001a,
  'ACCESS-TOKEN': 0x001b,
  'MESSAGE-INTEGRITY-SHA256': 0x001c,
  'PASSWORD-ALGORITHM': 0x001d,
  'USERHASH': 0x001e,
  'XOR-MAPPED-ADDRESS': 0x0020,
  'RESERVATION-TOKEN': 0x0022,
  'CONNECTION-ID': 0x002a,
  'ADDITIONAL-ADDRESS-FAMILY': 0x8000,
  'ADDRESS-ERROR-CODE': 0x8001,
  'PASSWORD-ALGORITHMS': 0x8002,
  'ICMP': 0x8004,
  'SOFTWARE': 0x8022,
  'ALTERNATE-SERVER': 0x8023,
  'FINGERPRINT': 0x8028,
  'THIRD-PARTY-AUTHORIZATION': 0x802e,
} as const;

export type AttributeName = keyof typeof attributeType;

/** All but DONT-FRAGMENT: Node offers no way to set that bit (RFC 8656 18.9). */
const understood: ReadonlySet<number> = new Set(
  Object.values(attributeType).filter((type) => type !== attributeType['DONT-FRAGMENT']),
);

/** Below 0x8000 a receiver must understand the attribute (RFC 8489 14); this one does not. */
export function isUnknownAndRequired(type: number): boolean {
  return type < 0x8000 && !understood.has(type);
}
