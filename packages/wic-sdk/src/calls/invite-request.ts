/**
 * The INVITE that starts a call (RFC 3261 13.2.1, TS 24.229 5.1.3, RFC 8840 4.1).
 *
 * @module
 */
import { encodeUtf8, formatNameAddr, Headers, type SipRequest } from '@wicgate/sip';
import { createToken } from '../platform.ts';
import type { Registered } from '../registration/register-outcome.ts';
import { type Access, capabilities, descriptionType, fragmentType } from './access.ts';

export function createInvite(access: Access, registered: Registered, target: string, sdp: string): SipRequest {
  const { platform, contact, displayName } = access;
  const tag = createToken(platform);
  return {
    method: 'INVITE',
    requestUri: target,
    headers: Headers.of(
      ['Max-Forwards', '70'],
      ...registered.serviceRoute.map((route) => ['Route', route] as const),
      ['From', formatNameAddr({ displayName, uri: registered.impu, params: new Map([['tag', tag]]) })],
      ['To', formatNameAddr({ displayName: undefined, uri: target, params: new Map() })],
      ['Call-ID', createToken(platform)],
      ['CSeq', '1 INVITE'],
      ['Contact', contact],
      ...capabilities,
      ['Accept', `${descriptionType}, ${fragmentType}`],
      ['Content-Type', descriptionType],
    ),
    body: encodeUtf8(sdp),
  };
}
