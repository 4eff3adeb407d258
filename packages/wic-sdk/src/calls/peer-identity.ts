/**
 * Who calls (RFC 3325 9.1: the network's word counts; RFC 3261 20.20).
 *
 * @module
 */
import { parseNameAddr, type SipRequest } from '@wicgate/sip';
import type { Peer } from '../wic.ts';

const maxNameCharacters = 128;

/**
 * The asserted identity where there is one, else what the caller says of itself. Names come from outside: they hold
 * no control characters and have a bound.
 *
 * @throws {HeaderMalformed}
 */
export function readPeer({ headers }: SipRequest): Peer {
  const from = parseNameAddr(headers.first('From') ?? '', 'From');
  const [asserted] = headers
    .all('P-Asserted-Identity')
    .map((value) => parseNameAddr(value, 'P-Asserted-Identity'))
    .filter(({ uri }) => /^(?:sips?|tel):/iu.test(uri));
  const displayName = cleanName(asserted?.displayName) ?? cleanName(from.displayName);
  return { uri: asserted?.uri ?? from.uri, displayName };
}

/** Controls, and marks that turn the direction of text, would let a name pass for another. */
function cleanName(name: string | undefined): string | undefined {
  const clean = name?.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim();
  return clean === undefined || clean === '' ? undefined : clean.slice(0, maxNameCharacters);
}
