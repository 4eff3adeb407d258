/**
 * What a REGISTER answers to a challenge (RFC 3310 3.3 and 3.4, TS 24.229 5.1.1.2 and 5.1.1.5).
 *
 * @module
 */
import type { SipRequest } from '@wicgate/sip';
import { findCredentials } from './authentication-scheme.ts';

export type Answer =
  /** No credentials, or such as the first REGISTER has: it asks for a challenge. */
  | { readonly kind: 'none' }
  | { readonly kind: 'response' }
  /** The challenge was understood, and there is nothing to say to it: it is not the network's (6.1.2.2). */
  | { readonly kind: 'empty' }
  /** Base64: its sequence number is out of range (6.1.3). */
  | { readonly kind: 'AUTS'; readonly auts: string };

/** `nonce` is that of the challenge which is to be answered, if there is one. @throws {HeaderMalformed} */
export function readAnswer(request: SipRequest, nonce: string | undefined): Answer {
  const params = findCredentials(request)?.params;
  const isToIt = nonce !== undefined && params?.get('nonce') === nonce;
  const auts = params?.get('auts');
  if (isToIt && auts !== undefined) return { kind: 'AUTS', auts };
  const response = params?.get('response') ?? '';
  if (response !== '' && auts === undefined) return { kind: 'response' };
  return { kind: isToIt ? 'empty' : 'none' };
}
