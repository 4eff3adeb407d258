/**
 * P-Charging-Vector of a request that enters the network here (RFC 7315 4.6, TS 24.229 5.2.2.1, 5.2.6.3).
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { formatPChargingVector, quoted } from '@wicgate/sip';

/** A fresh IMS charging identity; we are the originating network of type 1 (TS 24.229 7.2A.5). */
export function createChargingVector(homeDomain: string): string {
  const params = new Map([
    ['icid-value', quoted(randomUUID())],
    ['orig-ioi', quoted(`Type 1${homeDomain}`)],
  ]);
  return formatPChargingVector(params);
}
