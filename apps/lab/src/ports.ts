/**
 * The ports of a lab, by offset from its port base.
 *
 * @module
 */

const offsets = {
  wwsf: 0,
  waf: 1,
  epCscf: 2,
  hss: 3,
  iCscf: 4,
  sCscf: 5,
  epCscfMw: 6,
  turn: 7,
  turnTls: 8,
  iCscfTls: 9,
  sCscfTls: 10,
  operations: 11,
  isim: 12,
  eCscf: 13,
  wafMtls: 14,
  partnerWwsf: 15,
  partnerWaf: 16,
  turnRelayMin: 20,
  turnRelayMax: 119,
} as const;

export type LabPorts = Readonly<Record<keyof typeof offsets, number>>;

export const highestOffset = 119;

export function portsFrom(base: number): LabPorts {
  const ports = Object.entries(offsets).map(([name, offset]) => [name, base + offset]);
  return Object.fromEntries(ports) as LabPorts;
}
