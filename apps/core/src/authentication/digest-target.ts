/**
 * Whether a digest-uri means this network (RFC 7616 3.4.6): the I-CSCF sent the REGISTER on to the S-CSCF's name, so
 * that its Request-URI is not what the user hashed any more.
 *
 * @module
 */
import { parseUri, SipError } from '@wicgate/sip';

/** `targets` are `host` and `host:port` in lower case. */
export function isSameTarget(text: string, targets: readonly string[]): boolean {
  try {
    const uri = parseUri(text);
    if (uri.scheme === 'tel') return false;
    return targets.includes(uri.port === undefined ? uri.host : `${uri.host}:${uri.port}`);
  } catch (error) {
    if (error instanceof SipError) return false;
    throw error;
  }
}
