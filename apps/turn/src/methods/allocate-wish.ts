/**
 * What an Allocate request asks for (RFC 8656 7.2 steps 3 to 8).
 *
 * @module
 */
import { AttributeMalformed, findAttribute, type StunMessage } from '@wicgate/stun';
import { RequestRefused } from '../errors.ts';
import type { AddressFamily, RelayRequest } from '../relay/relay-socket.ts';
import { findFamily } from './address-family.ts';
import { findLifetime } from './lifetime-attribute.ts';

export interface AllocateWish {
  /** One, or both. */
  readonly families: readonly AddressFamily[];
  readonly port: RelayRequest['port'];
  /** RESERVATION-TOKEN, 8 octets. */
  readonly token: Buffer | undefined;
  /** LIFETIME. */
  readonly lifetimeSeconds: number | undefined;
}

const udp = 17;
const reserveNext = 0x80;

/**
 * @param supported families of the relayed transport addresses that there are.
 * @throws {AttributeMalformed}
 * @throws {RequestRefused} 400, 440 or 442
 */
export function readAllocateWish(message: StunMessage, supported: ReadonlySet<AddressFamily>): AllocateWish {
  requireUdp(message);
  const token = findToken(message);
  const port = readPort(message);
  const families = readFamilies(message, supported);
  if (families.length > 1 && port === 'even below a free one') {
    throw new RequestRefused('ERR_TURN_BAD_REQUEST', 'expected no reservation with ADDITIONAL-ADDRESS-FAMILY');
  }
  return { families, port, token, lifetimeSeconds: findLifetime(message) };
}

function requireUdp(message: StunMessage): void {
  const value = findAttribute(message, 'REQUESTED-TRANSPORT');
  if (value?.length !== 4) throw new RequestRefused('ERR_TURN_BAD_REQUEST', 'expected REQUESTED-TRANSPORT');
  if (value.readUInt8(0) !== udp) throw new RequestRefused('ERR_TURN_UNSUPPORTED_TRANSPORT', 'expected UDP');
}

const unlikeToken = ['EVEN-PORT', 'REQUESTED-ADDRESS-FAMILY', 'ADDITIONAL-ADDRESS-FAMILY'] as const;

function findToken(message: StunMessage): Buffer | undefined {
  const token = findAttribute(message, 'RESERVATION-TOKEN');
  if (token === undefined) return undefined;
  if (token.length !== 8) throw new AttributeMalformed('RESERVATION-TOKEN', '8 octets');
  if (unlikeToken.some((name) => findAttribute(message, name) !== undefined)) {
    throw new RequestRefused('ERR_TURN_BAD_REQUEST', `expected RESERVATION-TOKEN without ${unlikeToken.join(', ')}`);
  }
  return token;
}

function readPort(message: StunMessage): RelayRequest['port'] {
  const evenPort = findAttribute(message, 'EVEN-PORT');
  if (evenPort === undefined) return 'any';
  if (evenPort.length !== 1) throw new AttributeMalformed('EVEN-PORT', '1 octet');
  return (evenPort.readUInt8(0) & reserveNext) === 0 ? 'even' : 'even below a free one';
}

/** The client's wish; IPv4 where it has none. Of both, the one that is not there is told in the answer. */
function readFamilies(message: StunMessage, supported: ReadonlySet<AddressFamily>): readonly AddressFamily[] {
  const requested = findFamily(message, 'REQUESTED-ADDRESS-FAMILY');
  const additional = findFamily(message, 'ADDITIONAL-ADDRESS-FAMILY');
  if (additional === undefined) {
    const family = requested ?? 'IPv4';
    if (family !== 'unknown' && supported.has(family)) return [family];
    throw new RequestRefused('ERR_TURN_ADDRESS_FAMILY_NOT_SUPPORTED', `expected ${[...supported].join(' or ')}`);
  }
  if (requested !== undefined || additional !== 'IPv6') {
    throw new RequestRefused('ERR_TURN_BAD_REQUEST', 'expected ADDITIONAL-ADDRESS-FAMILY alone, and IPv6 in it');
  }
  return ['IPv4', 'IPv6'];
}
