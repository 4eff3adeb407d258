/**
 * The Digest challenges of a 401 or 407, by protection space (RFC 3261 22.1 to 22.3, RFC 8760 2.4).
 *
 * @module
 */
import { MessageTooLarge, SipError } from '../errors.ts';
import { type Challenge, parseChallenges } from '../headers/challenge.ts';
import type { DigestChallenge } from '../headers/challenge-digest.ts';
import type { SipResponse } from '../messages/message.ts';

/** Who asks: the user agent server, registrar or redirect server (401), or a proxy (407). */
export type DigestAsker = 'server' | 'proxy';

/** The challenges of one realm, of which one is to be answered (RFC 8760 2.4). */
export interface DigestOffer {
  readonly asker: DigestAsker;
  readonly realm: string;
  /** From top to bottom. */
  readonly challenges: readonly DigestChallenge[];
}

const headerNames = { server: 'WWW-Authenticate', proxy: 'Proxy-Authenticate' } as const;
/** Forking proxies collect those of all branches (RFC 3261 16.7 step 7). */
const maxChallenges = 32;

/** Key of a protection space: proxies and servers may use the same realm. */
export function spaceKey(asker: DigestAsker, realm: string): string {
  return `${asker} ${realm}`;
}

/**
 * One offer for each protection space. A challenge that nobody can read is left out: the one beside it may do
 * (RFC 7616 3.3).
 *
 * @throws {MessageTooLarge} more than 32 challenges. @throws {HeaderMalformed} there are some, but none is readable.
 */
export function readDigestOffers(response: SipResponse): readonly DigestOffer[] {
  const offers = new Map<string, DigestOffer & { challenges: DigestChallenge[] }>();
  let unreadable: SipError | undefined;
  let count = 0;
  for (const asker of ['server', 'proxy'] as const) {
    for (const value of response.headers.all(headerNames[asker])) {
      const challenges = readChallenges(value, asker);
      if (challenges instanceof SipError) unreadable = challenges;
      count += challenges instanceof SipError ? 1 : challenges.length;
      if (count > maxChallenges) throw new MessageTooLarge('challenges', maxChallenges);
      if (challenges instanceof SipError) continue;
      for (const challenge of challenges) {
        if (challenge.scheme !== 'Digest') continue;
        const key = spaceKey(asker, challenge.realm);
        const offer = offers.get(key) ?? { asker, realm: challenge.realm, challenges: [] };
        offer.challenges.push(challenge);
        offers.set(key, offer);
      }
    }
  }
  if (offers.size === 0 && unreadable !== undefined) throw unreadable;
  return [...offers.values()];
}

function readChallenges(value: string, asker: DigestAsker): readonly Challenge[] | SipError {
  try {
    return parseChallenges(value, headerNames[asker]);
  } catch (error) {
    if (error instanceof SipError) return error;
    throw error;
  }
}
