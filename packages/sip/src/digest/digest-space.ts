/**
 * A protection space as a user agent client knows it (RFC 3261 22.1, 22.2; RFC 7616 3.6).
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { SipError } from '../errors.ts';
import { type DigestCredentials, formatDigestCredentials } from '../headers/authorization-digest.ts';
import type { DigestChallenge } from '../headers/challenge-digest.ts';
import type { SipRequest } from '../messages/message.ts';
import { parseUri } from '../uris/uri.ts';
import type { DigestAlgorithm } from './digest-algorithm.ts';
import type { DigestAsker } from './digest-offers.ts';
import { digestResponse, hashUsername } from './digest-response.ts';
import type { DigestKey } from './digest-user.ts';

/** How one challenge will be answered. */
export interface DigestPlan {
  readonly challenge: DigestChallenge;
  readonly algorithm: DigestAlgorithm;
  /** Undefined: as in RFC 2069. */
  readonly qop: 'auth' | 'auth-int' | undefined;
  readonly key: DigestKey;
  readonly strength: number;
}

const cnonceOctets = 16;
const maxNonceCount = 0xffffffff;
/** Renewals in a row that many requests under way at once may need. */
const maxRenewals = 16;
/** Places of a space that are remembered; the oldest goes. */
const maxPlaces = 32;

/** One realm of a server or of a proxy: how it is answered, and where it was met. */
export class DigestSpace {
  readonly asker: DigestAsker;
  readonly realm: string;
  readonly #random: (length: number) => Uint8Array;
  /** Call-IDs and hosts where the challenge was met. */
  readonly #places = new Set<string>();
  #plan: DigestPlan | undefined;
  #nonce = '';
  #cnonce = '';
  #nonceCount = 0;
  #floor = 0;
  #rejected: string | undefined;
  #isRenewal = false;
  #isAfterAuts = false;
  #renewals = 0;

  constructor(asker: DigestAsker, realm: string, random: (length: number) => Uint8Array) {
    this.asker = asker;
    this.realm = realm;
    this.#random = random;
  }

  /** The strength of the strongest answer so far; nothing weaker is given again. */
  get floor(): number {
    return this.#floor;
  }

  /** How requests are answered now; undefined where the last credentials were refused. */
  get plan(): DigestPlan | undefined {
    return this.#plan;
  }

  /** Whether these are the credentials that were refused last. */
  isRejected({ username, ha1 }: DigestKey): boolean {
    return this.#rejected === `${ha1} ${username}`;
  }

  /**
   * Whether a challenge after `sent` may be answered without asking the user: the nonce was too old, and the answer
   * does not itself stem from such a challenge (RFC 7616 3.3). Servers that forget to say `stale` are forgiven where
   * the nonce was in use before. AUTS asks for another challenge, whatever was before: once (RFC 3310 3.4).
   */
  mayRenew(sent: DigestCredentials, { nonce, stale }: DigestChallenge): boolean {
    if (nonce === sent.nonce) return false;
    if ((sent.nonceCount ?? 0) > 1) return true;
    if (this.#renewals >= maxRenewals) return false;
    const isOwn = sent.nonce === this.#nonce;
    if (sent.params.has('auts')) return !(this.#isAfterAuts && isOwn);
    return stale && !(this.#isRenewal && isOwn);
  }

  /** Takes a challenge; requests are answered by it from now on. `refused` are the credentials that it came for. */
  adopt(plan: DigestPlan, refused: DigestCredentials | undefined): void {
    this.#plan = plan;
    this.#rejected = undefined;
    this.#floor = Math.max(this.#floor, plan.strength);
    this.#isRenewal = refused !== undefined;
    this.#isAfterAuts = refused?.params.has('auts') ?? false;
    this.#renewals = refused === undefined ? 0 : this.#renewals + 1;
    this.#startNonce(plan.challenge.nonce);
  }

  /** The credentials are wrong: they are not given again. */
  reject(): void {
    const key = this.#plan?.key;
    this.#rejected = key && `${key.ha1} ${key.username}`;
    this.#plan = undefined;
  }

  /** The server took an answer with this nonce. */
  prove(nonce: string): void {
    this.#renewals = 0;
    if (nonce === this.#nonce) this.#isRenewal = false;
  }

  /**
   * Takes the nextnonce that came for `nonce`, unless another nonce is in use meanwhile. With `-sess` the key belongs
   * to the first nonce, which stays in use until the server calls it stale.
   */
  renew(nonce: string, next: string): void {
    if (this.#plan === undefined || this.#plan.algorithm.session || nonce !== this.#nonce || next === '') return;
    if (next !== nonce) this.#startNonce(next);
  }

  remember(request: SipRequest): void {
    for (const place of placesOf(request)) {
      this.#places.delete(place);
      this.#places.add(place);
    }
    for (const place of this.#places) {
      if (this.#places.size <= maxPlaces) return;
      this.#places.delete(place);
    }
  }

  /**
   * Whether credentials go with this request before it is challenged. Proxies stand before everything a client sends
   * (RFC 3261 22.3); a server gets them at the host and in the calls where it asked, and nobody else does (22.2).
   */
  covers(request: SipRequest): boolean {
    if (this.#plan === undefined || this.#nonceCount >= maxNonceCount) return false;
    return this.asker === 'proxy' || placesOf(request).some((place) => this.#places.has(place));
  }

  /** The next credentials as a header field value; counts the nonce. */
  answer(request: SipRequest): string | undefined {
    if (this.#plan === undefined) return undefined;
    const { challenge, algorithm, qop, key } = this.#plan;
    this.#nonceCount += 1;
    const hasCnonce = qop !== undefined || algorithm.session;
    const shared = {
      nonce: this.#nonce,
      uri: request.requestUri,
      qop,
      cnonce: hasCnonce ? this.#cnonce : undefined,
      nonceCount: qop === undefined ? undefined : this.#nonceCount,
    };
    const { ha1, auts } = key;
    const response = digestResponse({ ...shared, algorithm, ha1, method: request.method, body: request.body });
    return formatDigestCredentials({
      ...shared,
      username: challenge.userhash ? hashUsername(algorithm.hash, key.username, this.realm) : key.username,
      userhash: challenge.userhash,
      realm: this.realm,
      response,
      algorithm: challenge.algorithm,
      opaque: challenge.opaque,
      params: auts === undefined ? noParams : new Map([['auts', auts]]),
    });
  }

  #startNonce(nonce: string): void {
    this.#nonce = nonce;
    this.#nonceCount = 0;
    this.#cnonce = bytesToHex(this.#random(cnonceOctets));
  }
}

const noParams: ReadonlyMap<string, string> = new Map();

function placesOf({ headers, requestUri }: SipRequest): readonly string[] {
  return [`call ${headers.first('Call-ID') ?? ''}`, `host ${hostOf(requestUri)}`];
}

function hostOf(uri: string): string {
  try {
    const parsed = parseUri(uri);
    return parsed.scheme === 'tel' ? uri : `${parsed.host.toLowerCase()}:${parsed.port ?? ''}`;
  } catch (error) {
    if (error instanceof SipError) return uri;
    throw error;
  }
}
