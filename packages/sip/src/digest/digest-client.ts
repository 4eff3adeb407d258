/**
 * Digest at the user agent client (RFC 3261 22.2, 22.3; RFC 7616; RFC 8760).
 *
 * RFC 8760 2.4 tells the client to take the topmost challenge it supports, unless local policy says otherwise. Whoever
 * can write into the response could then prepend MD5 and have the weakest answer. So the policy here: of the challenges
 * of one realm the strongest that the user can answer, wherever it stands; the order decides among equals; and a realm
 * that was answered once gets nothing weaker later, be the stronger challenge taken away altogether.
 *
 * @module
 */
import {
  ChallengeUnsupported,
  CredentialsRejected,
  DowngradeRefused,
  ServerNotAuthenticated,
  SipError,
  TooManyRealms,
} from '../errors.ts';
import { type AuthenticationInfo, parseAuthenticationInfo } from '../headers/authentication-info.ts';
import { type DigestCredentials, isDigest, parseDigestCredentials } from '../headers/authorization-digest.ts';
import type { DigestChallenge } from '../headers/challenge-digest.ts';
import { parseCSeq } from '../headers/cseq.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { type DigestHash, findDigestAlgorithm, rankOfHash, strengthOf } from './digest-algorithm.ts';
import { type DigestAsker, type DigestOffer, readDigestOffers, spaceKey } from './digest-offers.ts';
import { digestResponse, isSameDigest } from './digest-response.ts';
import { type DigestPlan, DigestSpace } from './digest-space.ts';
import { type DigestUser, findDigestKey } from './digest-user.ts';

/** Who this end is, and what it insists on. */
export interface DigestClientOptions {
  /**
   * Who we are in that realm; undefined: nobody, its challenges stay unanswered. Whoever gets an answer can guess
   * passwords with it: name a user for realms with an account only.
   */
  readonly findUser: (realm: string, asker: DigestAsker) => DigestUser | undefined;
  /** That many octets from a cryptographic random generator. */
  readonly random: (length: number) => Uint8Array;
  /** Challenges with a weaker hash stay unanswered. MD5 unless given: where nothing better is offered, it is used. */
  readonly minimumHash?: DigestHash;
  /** Whether a 2xx to credentials for a server must carry its own proof. False unless given: few servers send it. */
  readonly requireServerProof?: boolean;
  /** How many realms are remembered; challenges of more are refused. 64 unless given. */
  readonly maxRealms?: number;
}

const headerNames = { server: 'Authorization', proxy: 'Proxy-Authorization' } as const;
const infoNames = { server: 'Authentication-Info', proxy: 'Proxy-Authentication-Info' } as const;
const askers = ['server', 'proxy'] as const;
/** In the order in which they are chosen: proxies on the way may change a body (RFC 3261 22.4). */
const qops = ['auth', 'auth-int'] as const;

/** The credentials of one account. */
export class DigestClient {
  readonly #options: DigestClientOptions;
  readonly #spaces = new Map<string, DigestSpace>();

  constructor(options: DigestClientOptions) {
    this.#options = options;
  }

  /**
   * `request` with credentials for the realms known to lie on its way, in place of any it had for them. ACK and CANCEL
   * come back as they are: no server challenges them, and the ACK for a 2xx has the credentials of its INVITE
   * (RFC 3261 22.1, 13.2.2.4).
   */
  authorize(request: SipRequest): SipRequest {
    if (request.method === 'ACK' || request.method === 'CANCEL') return request;
    let { headers } = request;
    for (const space of this.#spaces.values()) {
      const name = headerNames[space.asker];
      const others = headers.all(name).filter((value) => findCredentials(value, name)?.realm !== space.realm);
      if (others.length !== headers.count(name)) {
        headers = headers.without(name);
        for (const value of others) headers = headers.with(name, value);
      }
      const answer = space.covers(request) ? space.answer(request) : undefined;
      if (answer !== undefined) headers = headers.with(name, answer);
    }
    return headers === request.headers ? request : { ...request, headers };
  }

  /**
   * The request to send after `response`, a 401 or 407 to `request`: with new credentials, the next CSeq and no Via
   * (RFC 3261 22.2). In a dialog, whose CSeq is the dialog's, use {@link challenged} and {@link authorize} instead.
   *
   * @throws {ChallengeUnsupported} no challenge can be answered. @throws {DowngradeRefused} only weaker ones than before.
   * @throws {CredentialsRejected} the same credentials were refused. @throws {TooManyRealms}
   * @throws {HeaderMalformed} no challenge can be read. @throws {TypeError} another status code.
   */
  retry(request: SipRequest, response: SipResponse): SipRequest {
    this.challenged(request, response);
    const { number, method } = parseCSeq(request.headers.first('CSeq') ?? '');
    const headers = request.headers.without('Via').set('CSeq', `${number + 1} ${method}`);
    return this.authorize({ ...request, headers });
  }

  /** Takes the challenges of a 401 or 407 to `request`; throws as {@link retry} does. */
  challenged(request: SipRequest, response: SipResponse): void {
    const { statusCode } = response;
    if (statusCode !== 401 && statusCode !== 407) throw new TypeError('expected a 401 or 407 response');
    let failure: SipError | undefined;
    let answered = 0;
    for (const offer of readDigestOffers(response)) {
      const failed = this.#takeOffer(offer, request);
      if (failed === undefined) answered += 1;
      // Behind a fork one realm we can answer is enough to go on (RFC 3261 22.3), but no reason to be fooled in another.
      else if (failed instanceof DowngradeRefused) throw failed;
      else failure ??= failed;
    }
    if (answered === 0) throw failure ?? new ChallengeUnsupported();
  }

  /**
   * Takes any other final response to `request`, for each fork again: checks the server's proof and takes its next
   * nonce (RFC 7616 3.5).
   *
   * @throws {ServerNotAuthenticated} the proof is wrong, or missing where it is required. @throws {HeaderMalformed}
   */
  confirm(request: SipRequest, response: SipResponse): void {
    if (response.statusCode < 200 || response.statusCode === 401 || response.statusCode === 407) return;
    for (const asker of askers) {
      const sent = this.#credentialsIn(request, asker);
      if (sent.length === 0) continue;
      const lines = response.headers.all(infoNames[asker]);
      const info = lines.length === 0 ? undefined : parseAuthenticationInfo(lines.join(','), infoNames[asker]);
      this.#confirmSpaces(asker, sent, info, response);
    }
  }

  /** Forgets a realm: its algorithms, its nonces, and that credentials were refused there. */
  forget(realm: string): void {
    for (const asker of askers) this.#spaces.delete(spaceKey(asker, realm));
  }

  /** Answers one realm from now on; the error where that cannot be. */
  #takeOffer({ asker, realm, challenges }: DigestOffer, request: SipRequest): SipError | undefined {
    const key = spaceKey(asker, realm);
    const known = this.#spaces.get(key);
    const user = this.#options.findUser(realm, asker);
    if (user === undefined) return new ChallengeUnsupported();
    const plan = this.#choose(challenges, user);
    if (plan === undefined) return new ChallengeUnsupported();
    if (known === undefined && this.#spaces.size >= (this.#options.maxRealms ?? 64)) return new TooManyRealms();
    const space = known ?? new DigestSpace(asker, realm, this.#options.random);
    if (plan.strength < this.#floorOf(realm)) return new DowngradeRefused(realm);
    const sent = this.#sentTo(space, request);
    if (sent !== undefined && !space.mayRenew(sent, plan.challenge)) {
      // What AKA answers with is new each time; a password that is, the user has changed.
      if (plan.algorithm.aka > 0 || space.plan?.key.ha1 === plan.key.ha1) {
        space.reject();
        return new CredentialsRejected(realm);
      }
    }
    if (space.isRejected(plan.key)) return new CredentialsRejected(realm);
    space.adopt(plan, sent);
    space.remember(request);
    this.#spaces.set(key, space);
    return undefined;
  }

  /** The strongest answer so far. The realm alone names the secret, so it counts whoever asks (RFC 3261 22.1). */
  #floorOf(realm: string): number {
    return Math.max(...askers.map((asker) => this.#spaces.get(spaceKey(asker, realm))?.floor ?? 0));
  }

  /** The strongest challenge that the user can answer; the topmost of equal ones. AKA is asked for one at a time. */
  #choose(challenges: readonly DigestChallenge[], user: DigestUser): DigestPlan | undefined {
    const minimum = rankOfHash(this.#options.minimumHash ?? 'MD5');
    const candidates = challenges.flatMap((challenge) => {
      const algorithm = findDigestAlgorithm(challenge.algorithm);
      const qop = qops.find((known) => challenge.qop.includes(known));
      if (algorithm === undefined || rankOfHash(algorithm.hash) < minimum) return [];
      if (qop === undefined && challenge.qop.length > 0) return [];
      return [{ challenge, algorithm, qop, strength: strengthOf(algorithm, qop !== undefined) }];
    });
    for (const candidate of candidates.toSorted((left, right) => right.strength - left.strength)) {
      const key = findDigestKey(user, candidate.challenge, candidate.algorithm);
      if (key !== undefined) return { ...candidate, key };
    }
    return undefined;
  }

  /** The answer that `request` carried for this realm. An empty one asks for a challenge (TS 24.229 5.1.1.2). */
  #sentTo({ asker, realm }: DigestSpace, request: SipRequest): DigestCredentials | undefined {
    return this.#credentialsIn(request, asker).find((sent) => sent.realm === realm && sent.response !== '');
  }

  #credentialsIn({ headers }: SipRequest, asker: DigestAsker): readonly DigestCredentials[] {
    const name = headerNames[asker];
    return headers
      .all(name)
      .map((value) => findCredentials(value, name))
      .filter((sent) => sent !== undefined)
      .filter(({ realm }) => this.#spaces.has(spaceKey(asker, realm)));
  }

  #confirmSpaces(
    asker: DigestAsker,
    sent: readonly DigestCredentials[],
    info: AuthenticationInfo | undefined,
    response: SipResponse,
  ): void {
    const proven =
      info?.rspauth === undefined ? undefined : sent.find((one) => this.#isProof(info, one, asker, response));
    const isProofMissing =
      info?.rspauth === undefined &&
      asker === 'server' &&
      this.#options.requireServerProof === true &&
      response.statusCode < 300;
    if (isProofMissing || (info?.rspauth !== undefined && proven === undefined)) throw new ServerNotAuthenticated();
    for (const { realm, nonce } of sent) this.#spaces.get(spaceKey(asker, realm))?.prove(nonce);
    const renewed = proven ?? (sent.length === 1 ? sent[0] : undefined);
    if (renewed === undefined || info?.nextNonce === undefined) return;
    this.#spaces.get(spaceKey(asker, renewed.realm))?.renew(renewed.nonce, info.nextNonce);
  }

  /** Whether `info` is the answer to these credentials by somebody who knows the secret (RFC 7616 3.5). */
  #isProof(
    { rspauth = '', qop, cnonce, nonceCount }: AuthenticationInfo,
    sent: DigestCredentials,
    asker: DigestAsker,
    { body }: SipResponse,
  ): boolean {
    const plan = this.#spaces.get(spaceKey(asker, sent.realm))?.plan;
    if (plan === undefined || findDigestAlgorithm(sent.algorithm)?.hash !== plan.algorithm.hash) return false;
    if (cnonce !== undefined && cnonce !== sent.cnonce) return false;
    if (nonceCount !== undefined && nonceCount !== sent.nonceCount) return false;
    const { algorithm, key } = plan;
    const applied = sent.qop === undefined ? undefined : (qop ?? sent.qop);
    const expected = digestResponse({ ...sent, algorithm, ha1: key.ha1, method: '', qop: applied, body });
    return isSameDigest(expected, rspauth);
  }
}

/** Digest credentials; undefined for another scheme and for what does not parse, which is not ours. */
function findCredentials(value: string, name: string): DigestCredentials | undefined {
  if (!isDigest(value)) return undefined;
  try {
    return parseDigestCredentials(value, name);
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}
