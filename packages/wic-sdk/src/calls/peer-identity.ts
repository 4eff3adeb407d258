/**
 * Who calls (RFC 3325 9.1): the network's word counts, and nothing else.
 *
 * @module
 */
import { type NameAddr, parseNameAddr, type SipRequest } from '@wicgate/sip';
import type { Peer } from '../wic.ts';
import { anonymousPeer } from './anonymous-peer.ts';

const maxNameCharacters = 128;
const identityScheme = /^(?:sips?|tel):/iu;
/** The host of an identity that says nothing (RFC 3323 4.1.1.3). */
const anonymousHost = /@anonymous\.invalid(?:$|[:;?])/iu;

/**
 * The asserted identity with the name that was asserted with it. Without one, or where the caller wants privacy, the
 * peer is anonymous: what From says is written by the caller. Names come from outside: they hold no control characters
 * and have a bound.
 *
 * @throws {HeaderMalformed}
 */
export function readPeer(request: SipRequest): Peer {
  const asserted = readAsserted(request);
  if (asserted === undefined || anonymousHost.test(asserted.uri) || wantsPrivacy(request)) return anonymousPeer;
  return { uri: asserted.uri, displayName: cleanName(asserted.displayName) };
}

function readAsserted({ headers }: SipRequest): NameAddr | undefined {
  const values = headers.all('P-Asserted-Identity').map((value) => parseNameAddr(value, 'P-Asserted-Identity'));
  return values.find(({ uri }) => identityScheme.test(uri));
}

/** Privacy: id (RFC 3325 9.3). The network should have taken the identity out; here it is not shown in any case. */
function wantsPrivacy({ headers }: SipRequest): boolean {
  const wanted = headers.all('Privacy').flatMap((value) => value.split(/[;,]/u));
  return wanted.some((value) => value.trim().toLowerCase() === 'id');
}

/** Controls, and marks that turn the direction of text, would let a name pass for another. */
function cleanName(name: string | undefined): string | undefined {
  const clean = name?.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim();
  return clean === undefined || clean === '' ? undefined : clean.slice(0, maxNameCharacters);
}
