/**
 * STUN attribute types (RFC 8489 18.3, RFC 8656 18).
 *
 * @module
 */

export const attributeType = {
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
  'XOR-MAPPED-ADDRESS': 0x0020,
  'RESERVATION-TOKEN': 0x0022,
  'FINGERPRINT': 0x8028,
} as const;

export type AttributeName = keyof typeof attributeType;

const known: ReadonlySet<number> = new Set(Object.values(attributeType));

/** Below 0x8000 a receiver must understand the attribute (RFC 8489 14); this one does not. */
export function isUnknownAndRequired(type: number): boolean {
  return type < 0x8000 && !known.has(type);
}
