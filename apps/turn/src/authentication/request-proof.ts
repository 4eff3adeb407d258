/**
 * What a request brings to prove who made it (RFC 8489 9.2.4, RFC 7635 6.2).
 *
 * @module
 */
import {
  type DecodedMessage,
  decodePasswordAlgorithms,
  encodePasswordAlgorithms,
  findAttribute,
  type IntegrityHash,
  integritySha256Length,
  type PasswordAlgorithm,
} from '@wicgate/stun';
import { RequestRefused } from '../errors.ts';

export interface RequestProof {
  readonly integrityHash: IntegrityHash;
  /** USERNAME, or the 32 octets of USERHASH. */
  readonly name: string | Buffer;
  readonly realm: string;
  readonly nonce: string;
  /** How the password became the key. */
  readonly algorithm: PasswordAlgorithm;
  readonly accessToken: Buffer | undefined;
}

/** What PASSWORD-ALGORITHMS of a challenge offers, in the order of preference. */
export const passwordAlgorithms = encodePasswordAlgorithms(['SHA-256', 'MD5']);

/** RFC 8489 14.3, 14.9 and 14.10: these have bounds of their own. */
const maxOctets = { USERNAME: 508, REALM: 763, NONCE: 763 } as const;
const userHashOctets = 32;
/** TURN says nothing of a cut MESSAGE-INTEGRITY-SHA256, so it has to be whole (RFC 8489 14.6). */
const integritySha256Octets = 32;

/** @throws {RequestRefused} 400, 401 */
export function readProof(request: DecodedMessage): RequestProof {
  const integrityHash = findIntegrity(request);
  const name = readName(request);
  const realm = readText(request, 'REALM');
  const nonce = readText(request, 'NONCE');
  const algorithm = readAlgorithm(request);
  return { integrityHash, name, realm, nonce, algorithm, accessToken: findAttribute(request, 'ACCESS-TOKEN') };
}

/** Of two, the better one counts. @throws {RequestRefused} 401 */
function findIntegrity(request: DecodedMessage): IntegrityHash {
  if (request.integritySha256At !== undefined) {
    if (integritySha256Length(request) === integritySha256Octets) return 'sha256';
    throw new RequestRefused('ERR_TURN_UNAUTHENTICATED', 'expected a whole MESSAGE-INTEGRITY-SHA256');
  }
  if (request.integrityAt !== undefined) return 'sha1';
  throw new RequestRefused('ERR_TURN_UNAUTHENTICATED', 'expected MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256');
}

/** @throws {RequestRefused} 400 */
function readName(request: DecodedMessage): string | Buffer {
  const hash = findAttribute(request, 'USERHASH');
  if (hash === undefined) return readText(request, 'USERNAME');
  if (hash.length !== userHashOctets || findAttribute(request, 'USERNAME') !== undefined) {
    throw badRequest('a USERHASH of 32 octets, without USERNAME');
  }
  return hash;
}

/** @throws {RequestRefused} 400 */
function readText(request: DecodedMessage, name: keyof typeof maxOctets): string {
  const value = findAttribute(request, name);
  if (value === undefined || value.length > maxOctets[name]) {
    throw badRequest(`${name} of at most ${maxOctets[name]} octets`);
  }
  return value.toString();
}

/**
 * Who takes part in the choice must repeat the offer: somebody on the way who struck the better one out would be found
 * out (RFC 8489 9.2.4, 16.1.3). Who knows nothing of a choice is served with MD5.
 *
 * @throws {RequestRefused} 400
 */
function readAlgorithm(request: DecodedMessage): PasswordAlgorithm {
  const offered = findAttribute(request, 'PASSWORD-ALGORITHMS');
  const chosen = findAttribute(request, 'PASSWORD-ALGORITHM');
  if (offered === undefined && chosen === undefined) return 'MD5';
  if (offered === undefined || chosen === undefined || !offered.equals(passwordAlgorithms)) {
    throw badRequest('PASSWORD-ALGORITHM, and PASSWORD-ALGORITHMS as they were offered');
  }
  const [algorithm] = decodePasswordAlgorithms(chosen);
  if (algorithm === undefined || chosen.length !== 4) throw badRequest('as PASSWORD-ALGORITHM one of those offered');
  return algorithm;
}

function badRequest(expected: string): RequestRefused {
  return new RequestRefused('ERR_TURN_BAD_REQUEST', `expected ${expected}`);
}
