/**
 * Digest at a registrar, user agent server or proxy (RFC 3261 22.2 to 22.4; RFC 7616; RFC 8760).
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { SipError } from '../errors.ts';
import { formatAuthenticationInfo } from '../headers/authentication-info.ts';
import { type DigestCredentials, isDigest, parseDigestCredentials } from '../headers/authorization-digest.ts';
import { formatDigestChallenge } from '../headers/challenge-digest.ts';
import type { SipRequest } from '../messages/message.ts';
import { isSameUri } from '../uris/is-same-uri.ts';
import { digitsOfHash, findDigestAlgorithm, strengthOf } from './digest-algorithm.ts';
import type { DigestAsker } from './digest-offers.ts';
import type { DigestAccepted, DigestClaim, DigestOutcome, DigestRefusal, DigestRefused } from './digest-outcome.ts';
import { digestResponse, isSameDigest } from './digest-response.ts';
import { NonceCounts } from './nonce-counts.ts';
import type { NonceSource } from './nonce-source.ts';

/** What a server asks its clients for. */
export interface DigestServerOptions {
  readonly realm: string;
  /** `proxy` speaks 407 and Proxy-Authenticate. `server` unless given. */
  readonly asker?: DigestAsker;
  readonly nonces: NonceSource;
  /** That many octets from a cryptographic random generator. */
  readonly random: (length: number) => Uint8Array;
  /** Names; offered strongest first (RFC 8760 2.3). SHA-256 and MD5 unless given. */
  readonly algorithms?: readonly string[];
  /** `auth` unless given. */
  readonly qop?: readonly ('auth' | 'auth-int')[];
  /**
   * Whether clients of RFC 2069 are let in, who answer without qop (RFC 3261 22.4). They have no nonce count,
   * so each nonce serves them once. False unless given.
   */
  readonly allowsNoQop?: boolean;
  /** Whether clients may hash the user name (RFC 7616 3.4.4). False unless given. */
  readonly userhash?: boolean;
  /** Whether digest-uri stands for this request. Equal text or equal URIs unless given (RFC 7616 3.4.6). */
  readonly isSameTarget?: (uri: string, request: SipRequest) => boolean;
  /** How many nonces in use are counted. 10,000 unless given. */
  readonly maxNonces?: number;
}

const maxCredentials = 16;
const headerNames = {
  server: { statusCode: 401, challenge: 'WWW-Authenticate', credentials: 'Authorization' },
  proxy: { statusCode: 407, challenge: 'Proxy-Authenticate', credentials: 'Proxy-Authorization' },
} as const;

/**
 * Challenges and checks requests of one realm. ACK and CANCEL are none of its business: nobody may challenge them
 * (RFC 3261 22.1).
 */
export class DigestServer {
  readonly #options: DigestServerOptions;
  readonly #names: (typeof headerNames)[DigestAsker];
  readonly #algorithms: readonly string[];
  readonly #qop: readonly string[];
  readonly #counts: NonceCounts;
  /** Stands in for the secret of users who do not exist. */
  readonly #nobody: string;

  /** @throws {TypeError} no algorithm, or one that is unknown. */
  constructor(options: DigestServerOptions) {
    const { algorithms = ['SHA-256', 'MD5'], asker = 'server', qop = ['auth'], maxNonces = 10_000, random } = options;
    if (algorithms.length === 0 || qop.length === 0) throw new TypeError('expected at least one algorithm and qop');
    this.#options = options;
    this.#names = headerNames[asker];
    const ranked = algorithms.map((name) => ({ name, strength: strengthOfName(name) }));
    this.#algorithms = ranked.toSorted((left, right) => right.strength - left.strength).map(({ name }) => name);
    this.#qop = qop;
    this.#counts = new NonceCounts(maxNonces);
    this.#nobody = bytesToHex(random(32));
  }

  /** 401, or 407 of a proxy. */
  get statusCode(): 401 | 407 {
    return this.#names.statusCode;
  }

  /** One challenge for each algorithm, strongest first, as header fields for createResponse. All share one nonce. */
  challenge({
    bound = '',
    stale = false,
  }: {
    bound?: string;
    stale?: boolean;
  } = {}): readonly (readonly [string, string])[] {
    const { realm, nonces, userhash = false } = this.#options;
    const nonce = nonces.create({ realm, bound });
    const shared = { scheme: 'Digest', realm, nonce, qop: this.#qop, stale, userhash, params: noParams } as const;
    return this.#algorithms.map((algorithm) => [
      this.#names.challenge,
      formatDigestChallenge({ ...shared, algorithm, opaque: undefined, domain: undefined }),
    ]);
  }

  /**
   * The claim of a request, for {@link verify} once the user's HA1 is found; or why there is none. `bound` is what the
   * challenge had.
   */
  read(request: SipRequest, { bound = '' }: { bound?: string } = {}): DigestClaim | DigestRefused {
    const { realm, nonces, allowsNoQop = false } = this.#options;
    const credentials = this.#findCredentials(request);
    if (typeof credentials === 'string') return { kind: 'refused', reason: credentials };
    const { qop, username, userhash, nonce } = credentials;
    const algorithm = findDigestAlgorithm(credentials.algorithm);
    if (algorithm === undefined || !this.#offers(credentials.algorithm)) {
      return { kind: 'refused', reason: 'algorithm not offered' };
    }
    if (qop === undefined ? !allowsNoQop : !this.#qop.includes(qop))
      return { kind: 'refused', reason: 'qop not offered' };
    if (!this.#isSameTarget(credentials.uri, request)) return { kind: 'refused', reason: 'another uri' };
    const { method, body } = request;
    const verdict = nonces.check(nonce, { realm, bound });
    return { kind: 'claim', username, userhash, realm, algorithm, credentials, method, body, bound, nonce: verdict };
  }

  /**
   * Checks a claim against the HA1 of its user, hexadecimal digits; undefined where there is no such user, which takes
   * as long and ends as a wrong password does.
   */
  verify(claim: DigestClaim, ha1: string | undefined): DigestOutcome {
    const { credentials, algorithm, method, body, nonce } = claim;
    const secret = (ha1 ?? this.#nobody.slice(0, digitsOfHash(algorithm.hash))).toLowerCase();
    const expected = digestResponse({ ...credentials, algorithm, ha1: secret, method, body });
    const isRight = isSameDigest(expected, credentials.response);
    if (ha1 === undefined) return { kind: 'refused', reason: 'unknown user' };
    if (!isRight) return { kind: 'refused', reason: 'wrong response' };
    if (nonce.state === 'expired') return { kind: 'stale', reason: 'nonce expired' };
    if (nonce.state === 'foreign') return { kind: 'stale', reason: 'nonce foreign' };
    // Without qop there is no count: the nonce itself is used up.
    const count = credentials.qop === undefined ? 1 : (credentials.nonceCount ?? 0);
    if (!this.#counts.spend(credentials.nonce, nonce.issuedAtMs, count))
      return { kind: 'stale', reason: 'nonce count' };
    return this.#accept(claim, secret, nonce.isOld);
  }

  /** {@link read} and {@link verify} for a lookup that answers at once. */
  authenticate(
    request: SipRequest,
    findHa1: (claim: DigestClaim) => string | undefined,
    options: { bound?: string } = {},
  ): DigestOutcome {
    const claim = this.read(request, options);
    return claim.kind === 'refused' ? claim : this.verify(claim, findHa1(claim));
  }

  #accept(claim: DigestClaim, ha1: string, isOld: boolean): DigestAccepted {
    const { username, userhash, realm, algorithm, credentials, bound } = claim;
    const { qop, cnonce, nonceCount } = credentials;
    // With `-sess` the key stays with the first nonce, so there is no next one.
    const mayRenew = !algorithm.session && qop !== undefined;
    return {
      kind: 'accepted',
      username,
      userhash,
      realm,
      algorithm,
      credentials,
      authenticationInfo: ({ nextNonce = isOld, body = noOctets } = {}) =>
        formatAuthenticationInfo({
          nextNonce: nextNonce && mayRenew ? this.#options.nonces.create({ realm, bound }) : undefined,
          qop,
          rspauth: digestResponse({ ...credentials, algorithm, ha1, method: '', body }),
          cnonce: qop === undefined ? undefined : cnonce,
          nonceCount: qop === undefined ? undefined : nonceCount,
          params: noParams,
        }),
    };
  }

  /** The one set of credentials for our realm. What cannot be read may be it. */
  #findCredentials({ headers }: SipRequest): DigestCredentials | DigestRefusal {
    const name = this.#names.credentials;
    const values = headers.all(name).filter(isDigest);
    if (values.length > maxCredentials) return 'several credentials';
    let found: DigestCredentials | undefined;
    for (const value of values) {
      const credentials = tryParse(value, name);
      if (credentials === undefined) return 'malformed';
      if (credentials.realm !== this.#options.realm) continue;
      if (found !== undefined) return 'several credentials';
      found = credentials;
    }
    return found ?? 'no credentials';
  }

  #offers(name: string | undefined): boolean {
    const wanted = (name ?? 'MD5').toLowerCase();
    return this.#algorithms.some((offered) => offered.toLowerCase() === wanted);
  }

  #isSameTarget(uri: string, request: SipRequest): boolean {
    const { isSameTarget = isSameRequestUri } = this.#options;
    return isSameTarget(uri, request);
  }
}

const noParams: ReadonlyMap<string, string> = new Map();
const noOctets = new Uint8Array(0);

function strengthOfName(name: string): number {
  const algorithm = findDigestAlgorithm(name);
  if (algorithm === undefined) throw new TypeError('algorithms: expected names of Digest algorithms');
  return strengthOf(algorithm, true);
}

function tryParse(value: string, name: string): DigestCredentials | undefined {
  try {
    return parseDigestCredentials(value, name);
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

function isSameRequestUri(uri: string, { requestUri }: SipRequest): boolean {
  if (uri === requestUri) return true;
  try {
    return isSameUri(uri, requestUri);
  } catch (error) {
    if (error instanceof SipError) return false;
    throw error;
  }
}
