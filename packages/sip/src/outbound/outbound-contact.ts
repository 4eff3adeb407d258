/**
 * Contacts of a user agent that keeps its flows (RFC 5626 4.1 to 4.3).
 *
 * @module
 */
import { quoted } from '../grammar/quoted-string.ts';
import type { Headers } from '../headers/headers.ts';
import type { NameAddr } from '../headers/name-addr.ts';
import { hasToken } from '../headers/token-list.ts';
import { formatUri, parseUri } from '../uris/uri.ts';

/** One flow of one device (RFC 5626 4.2). */
export interface OutboundContact {
  /** URI of this end. */
  readonly uri: string;
  /** A URN that stays the same for the life of the device, such as `urn:uuid:…` (RFC 5626 4.1). */
  readonly instanceId: string;
  /** Names the flow among those of this device: 1 to 2^31 - 1 (RFC 5626 4.2). */
  readonly regId: number;
}

const maxRegId = 2_147_483_647;

/** The Contact of a REGISTER over one flow, which goes with `Supported: path, outbound`. @throws {TypeError} */
export function createOutboundContact({ uri, instanceId, regId }: OutboundContact): NameAddr {
  if (!/^urn:[!#-;=?-~]+$/iu.test(instanceId)) throw new TypeError('expected a URN as instance');
  if (!Number.isInteger(regId) || regId < 1 || regId > maxRegId) throw new TypeError('expected a reg-id from 1 on');
  const params = new Map([
    ['+sip.instance', quoted(`<${instanceId}>`)],
    ['reg-id', String(regId)],
  ]);
  return { displayName: undefined, uri, params };
}

/**
 * The URI for the Contact of a request that makes a dialog: later requests of it come over the same flow (RFC 5626 4.3).
 *
 * @throws {HeaderMalformed} no SIP or SIPS URI.
 */
export function withOb(uri: string): string {
  const parsed = parseUri(uri, 'Contact');
  if (parsed.scheme === 'tel' || parsed.params.has('ob')) return uri;
  return formatUri({ ...parsed, params: new Map([...parsed.params, ['ob', '']]) });
}

/** Whether the registrar of this 2xx to REGISTER keeps flows apart by reg-id (RFC 5626 6). */
export function isOutboundInUse(headers: Headers): boolean {
  return hasToken(headers, 'Require', 'outbound');
}
