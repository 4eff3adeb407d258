/**
 * The private identity of a REGISTER (TS 24.229 5.3.1.2 and 5.4.1.2.1, TS 33.203 N.2.1.1 and P.6).
 *
 * @module
 */
import { parseUri, type SipRequest } from '@wicgate/sip';
import { findCredentials } from './authentication-scheme.ts';

/**
 * The user name of the Digest credentials, with its realm in lower case as the HSS writes it; without credentials what
 * `impu` leaves when scheme, port, parameters and headers are gone. '' where the user name is missing.
 *
 * @throws {HeaderMalformed}
 */
export function readImpi(request: SipRequest, impu: string): string {
  const credentials = findCredentials(request);
  return credentials === undefined ? deriveImpi(impu) : canonicalImpi(credentials.params.get('username') ?? '');
}

function deriveImpi(impu: string): string {
  const uri = parseUri(impu, 'To');
  if (uri.scheme === 'tel') return uri.number;
  return uri.user === undefined ? uri.host : `${uri.user}@${uri.host}`;
}

/** With its realm in lower case: domain names differ in nothing by their case (TS 23.003 13.3, RFC 7542 2.5). */
export function canonicalImpi(impi: string): string {
  const realmStart = impi.lastIndexOf('@') + 1;
  return impi.slice(0, realmStart) + impi.slice(realmStart).toLowerCase();
}
