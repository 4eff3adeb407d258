/**
 * Vectors of AKA for an S-CSCF (TS 33.203 6.1.1 and 6.1.3, TS 33.102 6.3.2 and 6.3.5).
 *
 * @module
 */
import {
  AutsRejected,
  createAuthenticationVector,
  createMilenage,
  type Milenage,
  nextSqn,
  resynchroniseSqn,
} from '@wicgate/aka';
import type { AkaAuthDataItem, MultimediaAuthRequest } from '@wicgate/cx';
import { decodeHexadecimal } from '../subscriptions/hexadecimal.ts';
import type { AkaCredential } from '../subscriptions/subscription.ts';

export interface AkaSurroundings {
  /** That many octets, from a cryptographic generator. */
  readonly randomOctets: (count: number) => Uint8Array;
  /** Somebody sent an AUTS that is not of this user's ISIM. */
  readonly onAutsRejected: () => void;
}

export interface AkaAuthItems {
  /** Lowest sequence number first. */
  readonly authItems: readonly AkaAuthDataItem[];
  /** With the last sequence number: to be stored before the items leave. */
  readonly credential: AkaCredential;
}

/** An S-CSCF gets fewer where it wants more (TS 29.228 6.3.1): what it does not use, the next challenge makes worthless. */
const maxItems = 5;
const randOctets = 16;
/** RAND|AUTS. */
const sipAuthorizationOctets = 30;

/** @returns undefined where SIP-Authorization is not RAND|AUTS. @throws {SqnExhausted} */
export function akaAuthItems(
  credential: AkaCredential,
  { numberOfAuthItems, sipAuthorization }: Pick<MultimediaAuthRequest, 'numberOfAuthItems' | 'sipAuthorization'>,
  surroundings: AkaSurroundings,
): AkaAuthItems | undefined {
  if (sipAuthorization !== undefined && sipAuthorization.length !== sipAuthorizationOctets) return undefined;
  const milenage = createMilenage({ k: decodeHexadecimal(credential.k), opc: decodeHexadecimal(credential.opc) });
  const amf = decodeHexadecimal(credential.amf);
  let sqn = credential.sqn;
  if (sipAuthorization !== undefined) sqn = resynchronise(milenage, sqn, sipAuthorization, surroundings);
  const authItems = Array.from({ length: boundedCount(numberOfAuthItems) }, (): AkaAuthDataItem => {
    sqn = nextSqn(sqn);
    const rand = surroundings.randomOctets(randOctets);
    return itemOf(createAuthenticationVector({ milenage, amf, sqn, rand }));
  });
  return { authItems, credential: { ...credential, sqn } };
}

/**
 * The number to go on from. An AUTS with a wrong MAC-S takes it nowhere, and new vectors follow all the same
 * (TS 33.102 6.3.5 steps 5 and 6).
 */
function resynchronise(
  milenage: Milenage,
  sqnHe: number,
  sipAuthorization: Uint8Array,
  { onAutsRejected }: AkaSurroundings,
): number {
  const rand = sipAuthorization.subarray(0, randOctets);
  const auts = sipAuthorization.subarray(randOctets);
  try {
    return resynchroniseSqn({ milenage, rand, auts, sqnHe });
  } catch (error) {
    if (!(error instanceof AutsRejected)) throw error;
    onAutsRejected();
    return sqnHe;
  }
}

/** The layout of TS 29.229 6.3.10 to 6.3.13. */
function itemOf({ rand, autn, xres, ck, ik }: ReturnType<typeof createAuthenticationVector>): AkaAuthDataItem {
  return {
    scheme: 'Digest-AKAv1-MD5',
    sipAuthenticate: Uint8Array.from([...rand, ...autn]),
    sipAuthorization: xres,
    confidentialityKey: ck,
    integrityKey: ik,
  };
}

function boundedCount(wanted: number): number {
  return Number.isInteger(wanted) ? Math.min(Math.max(wanted, 1), maxItems) : 1;
}
