/**
 * Authentication by IMS AKA, as HTTP Digest AKAv2-SHA-256 over TLS (TS 33.203 X.2.3.3, 6.1; RFC 3310, RFC 4169).
 *
 * Each REGISTER asks for a challenge of its own: nothing that was derived from one outlives the exchange. The SIM has
 * checked who sent the challenge before there is an answer; `rspauth` in the 200 is checked where it is sent.
 *
 * @module
 */
import {
  type Challenge,
  type DigestChallenge,
  DigestClient,
  type DigestUser,
  findDigestAlgorithm,
  parseChallenges,
  SipError,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import { isWicError, SimUnavailable } from '../errors.ts';
import type { Platform } from '../platform.ts';
import type { RefusalDetail } from '../wic.ts';
import type { AkaCredentials, SimAnswer } from './aka-credentials.ts';
import type { Authentication, Circumstances, Judgement } from './authentication.ts';
import { nameUser } from './named-user.ts';
import type { RegisterOutcome } from './register-outcome.ts';

export interface AkaAuthenticationOptions {
  readonly platform: Pick<Platform, 'clock' | 'randomOctets'>;
  /** Also the realm: challenges of other realms are not answered. */
  readonly homeDomain: string;
  readonly credentials: AkaCredentials;
}

const algorithmName = 'AKAv2-SHA-256';
/** Challenges in a row that the SIM finds invalid and is still told of (TS 24.229 5.1.1.5.3). */
const maxInvalid = 2;
/** Answers of an exchange: the first one, and one more where a person took so long that the challenge was dropped. */
const maxAnswers = 2;
/** Less than the S-CSCF waits for an answer, which is 4 minutes (TS 24.229 7.8). */
const simTimeoutMs = 180_000;
const maxChallenges = 32;

const meaning: Readonly<Record<SimAnswer['kind'], RefusalDetail>> = {
  'password': 'wrong credentials',
  'synchronisation failure': 'sim out of step',
  'mac failure': 'network not authenticated',
};

export class AkaAuthentication implements Authentication {
  readonly scheme = 'aka';
  readonly impi: string;
  readonly #options: AkaAuthenticationOptions;
  /** Knows the answer to one challenge: the one that was given last. */
  #client: DigestClient | undefined;
  #nonce: string | undefined;
  /** What the SIM made of it. */
  #last: SimAnswer['kind'] | undefined;
  #invalid = 0;
  #answers = 0;

  constructor(options: AkaAuthenticationOptions) {
    this.#options = options;
    this.impi = options.credentials.impi;
  }

  /** Names the user and the scheme; nonce and response are empty (TS 33.203 P.3). */
  authorize(request: SipRequest): SipRequest {
    this.#client = undefined;
    this.#nonce = undefined;
    this.#last = undefined;
    this.#invalid = 0;
    this.#answers = 0;
    return this.#name(request, '');
  }

  async judge(request: SipRequest, response: SipResponse, circumstances: Circumstances): Promise<Judgement> {
    try {
      return response.statusCode === 401
        ? await this.#answer(request, response)
        : this.#conclude(request, response, circumstances);
    } catch (error) {
      if (error instanceof SipError) return readFault(error);
      throw error;
    }
  }

  /** A success proves nothing where no challenge of the network was answered on this connection. */
  #conclude(request: SipRequest, response: SipResponse, { mustProve }: Circumstances): Judgement {
    const { statusCode } = response;
    if (statusCode < 300) {
      const isAnswered = this.#last === 'password';
      if (this.#last === undefined ? mustProve : !isAnswered) return refused('network not authenticated');
      if (isAnswered) this.#client?.confirm(request, response);
      return undefined;
    }
    if (this.#last === undefined || statusCode >= 500) return undefined;
    return this.#last !== 'password' || statusCode === 403 ? refused(meaning[this.#last]) : undefined;
  }

  async #answer(request: SipRequest, response: SipResponse): Promise<Judgement> {
    const nonce = findNonce(response, this.#options.homeDomain);
    if (nonce === undefined) return refused('scheme not offered');
    const last = this.#last;
    const isUsedUp = nonce === this.#nonce || this.#answers === maxAnswers || this.#invalid === maxInvalid;
    if (last !== undefined && isUsedUp) return refused(meaning[last]);
    const answer = await this.#askSim(nonce);
    this.#nonce = nonce;
    this.#last = answer.kind;
    if (answer.kind === 'password') this.#answers += 1;
    this.#invalid = answer.kind === 'password' ? 0 : this.#invalid + 1;
    if (answer.kind === 'mac failure') return { type: 'again', request: this.#name(request, nonce) };
    this.#client = this.#createClient(nonce, answer);
    return { type: 'again', request: this.#client.retry(request, response) };
  }

  /** An empty response without `auts` tells of a wrong MAC (TS 33.203 6.1.2.2). */
  #name(request: SipRequest, nonce: string): SipRequest {
    const { homeDomain: realm } = this.#options;
    const value = nameUser({ impi: this.impi, realm, uri: request.requestUri, algorithm: algorithmName, nonce });
    return { ...request, headers: request.headers.without('Via').set('Authorization', value) };
  }

  #createClient(nonce: string, answer: Exclude<SimAnswer, { kind: 'mac failure' }>): DigestClient {
    const { platform, homeDomain } = this.#options;
    const aka: DigestUser['aka'] = (challenge, { aka: version, hash, session }) => {
      if (challenge.nonce !== nonce || version !== 2 || hash !== 'SHA-256' || session) return undefined;
      return answer.kind === 'password' ? { password: answer.password } : { password: '', auts: answer.auts };
    };
    const user: DigestUser = { username: this.impi, aka };
    return new DigestClient({
      findUser: (realm) => (realm === homeDomain ? user : undefined),
      random: platform.randomOctets,
    });
  }

  /** @throws {SimUnavailable} */
  async #askSim(nonce: string): Promise<SimAnswer> {
    const { platform, credentials } = this.#options;
    let stop: () => void = () => undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      stop = platform.clock.after(simTimeoutMs, () => reject(new SimUnavailable('not answering')));
    });
    try {
      return readAnswer(await Promise.race([credentials.authenticate(nonce), timeout]));
    } catch (cause) {
      throw isWicError(cause, 'ERR_WIC_SIM_UNAVAILABLE') ? cause : new SimUnavailable('not answering', { cause });
    } finally {
      stop();
    }
  }
}

/** Of the topmost challenge of AKAv2-SHA-256; AKAv1, MD5 and passwords are not answered in its place. */
function findNonce({ headers }: SipResponse, homeDomain: string): string | undefined {
  let unreadable: SipError | undefined;
  for (const value of headers.all('WWW-Authenticate').slice(0, maxChallenges)) {
    const challenges = readChallenges(value);
    if (challenges instanceof SipError) unreadable = challenges;
    else for (const challenge of challenges) if (isWanted(challenge, homeDomain)) return challenge.nonce;
  }
  if (unreadable !== undefined) throw unreadable;
  return undefined;
}

/** One that nobody can read takes nothing away from the one beside it (RFC 7616 3.3). */
function readChallenges(value: string): readonly Challenge[] | SipError {
  try {
    return parseChallenges(value, 'WWW-Authenticate');
  } catch (error) {
    if (error instanceof SipError) return error;
    throw error;
  }
}

function isWanted(challenge: Challenge, homeDomain: string): challenge is DigestChallenge {
  if (challenge.scheme !== 'Digest' || challenge.realm !== homeDomain) return false;
  const algorithm = findDigestAlgorithm(challenge.algorithm);
  return algorithm?.aka === 2 && algorithm.hash === 'SHA-256' && !algorithm.session;
}

/** Shows that an answer is one. @throws {SimUnavailable} */
function readAnswer(answer: SimAnswer): SimAnswer {
  const isOne =
    answer.kind === 'mac failure' ||
    (answer.kind === 'password' && /^[A-Za-z0-9+/=]{1,128}$/u.test(answer.password)) ||
    (answer.kind === 'synchronisation failure' && /^[A-Za-z0-9+/]{19}=$/u.test(answer.auts));
  if (!isOne) throw new SimUnavailable('not answering');
  return answer;
}

function readFault({ code }: SipError): RegisterOutcome {
  if (code === 'ERR_SIP_HEADER_MALFORMED') return { type: 'try again', afterMs: undefined };
  return refused(code === 'ERR_SIP_CHALLENGE_UNSUPPORTED' ? 'scheme not offered' : 'network not authenticated');
}

function refused(detail: RefusalDetail): RegisterOutcome {
  return { type: 'refused', detail };
}
