/**
 * What the far end says about reaching it: Contact and Record-Route (RFC 3261 12.1).
 *
 * @module
 */
import { MessageTooLarge } from '../errors.ts';
import { parseNameAddr } from '../headers/name-addr.ts';
import type { SipMessage } from '../messages/message.ts';
import { parseUri } from '../uris/uri.ts';

const maxRoutes = 64;

/**
 * The URI of the first Contact; undefined where there is none.
 *
 * @throws {HeaderMalformed} it is no SIP, SIPS or tel URI.
 */
export function findTarget({ headers }: SipMessage): string | undefined {
  const contact = headers.first('Contact');
  return contact === undefined ? undefined : readUri(contact, 'Contact');
}

/**
 * The values of Record-Route as written, from top to bottom.
 *
 * @throws {HeaderMalformed} @throws {MessageTooLarge} more than any path has.
 */
export function readRouteSet({ headers }: SipMessage): readonly string[] {
  const routes = headers.all('Record-Route');
  if (routes.length > maxRoutes) throw new MessageTooLarge('routes in a dialog', maxRoutes);
  for (const route of routes) readUri(route, 'Record-Route');
  return routes;
}

function readUri(value: string, header: string): string {
  const { uri } = parseNameAddr(value, header);
  parseUri(uri, header);
  return uri;
}
