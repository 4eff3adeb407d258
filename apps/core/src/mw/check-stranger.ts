/**
 * What nobody outside the trust domain may ask for (TS 33.203 U.1, TS 24.229 4.4): to speak as one of our users, or
 * to enter a dialog by the routes of our nodes.
 *
 * @module
 */
import { parseUri, readNameAddr, type SipRequest } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import type { ArrivedRequest } from './arrive.ts';

/** @throws {RequestRefused} 403. @throws {HeaderMalformed} */
export function checkStranger({ request, isTrusted }: ArrivedRequest, homeDomain: string): void {
  if (isTrusted) return;
  if (isInDialog(request)) throw new RequestRefused('UNTRUSTED_DIALOG');
  if (isFromHome(request, homeDomain)) throw new RequestRefused('UNTRUSTED_HOME_USER');
}

/** Whether the request belongs to a dialog that was made before (RFC 3261 12.2). */
export function isInDialog({ headers }: SipRequest): boolean {
  return readNameAddr(headers, 'To').params.has('tag');
}

/** A From that is no SIP URI is of no network that we could tell. */
function isFromHome({ headers }: SipRequest, homeDomain: string): boolean {
  const { uri: text } = readNameAddr(headers, 'From');
  const scheme = text.slice(0, text.indexOf(':')).toLowerCase();
  const uri = scheme === 'sip' || scheme === 'sips' ? parseUri(text, 'From') : undefined;
  if (uri === undefined || uri.scheme === 'tel') return false;
  const host = uri.host.endsWith('.') ? uri.host.slice(0, -1) : uri.host;
  return host === homeDomain || host.endsWith(`.${homeDomain}`);
}
