/**
 * Authentication by SIP Digest (TS 33.203 X.2.2, N.2.1.1, N.2.2, N.2.3).
 *
 * Of the password only H(A1) is kept, in memory. A re-registration carries credentials before it is challenged.
 *
 * @module
 */
import {
  CredentialsRejected,
  createHa1,
  DigestClient,
  type DigestCredentials,
  findDigestAlgorithm,
  HeaderMalformed,
  parseAuthenticationInfo,
  parseDigestCredentials,
  SipError,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import type { Platform } from '../platform.ts';
import { RequestAuthentication } from '../request-authentication/request-authentication.ts';
import type { RefusalDetail } from '../wic.ts';
import type { Authentication, Circumstances, Judgement } from './authentication.ts';
import { nameUser } from './named-user.ts';
import type { RegisterOutcome } from './register-outcome.ts';
import { type DigestHa1, type DigestPassword, deriveImpi } from './wic-credentials.ts';

export interface DigestAuthenticationOptions {
  readonly platform: Pick<Platform, 'randomOctets'>;
  /** Also the realm: challenges of other realms are not answered. */
  readonly homeDomain: string;
  readonly impu: string;
  readonly credentials: DigestPassword | DigestHa1;
}

export class DigestAuthentication implements Authentication {
  readonly scheme = 'digest';
  /** The private identity. */
  readonly impi: string;
  /** For what follows the registration. */
  readonly requests: RequestAuthentication;
  readonly #client: DigestClient;
  readonly #homeDomain: string;
  /** The private identity that the first REGISTER names; undefined leaves it to the network. */
  readonly #named: string | undefined;

  constructor({ platform, homeDomain, impu, credentials }: DigestAuthenticationOptions) {
    this.#homeDomain = homeDomain;
    this.#named = credentials.impi;
    const username = credentials.impi ?? deriveImpi(impu) ?? '';
    this.impi = username;
    const user = { username, ha1: credentials.ha1 ?? hashPassword(username, homeDomain, credentials.password) };
    this.#client = new DigestClient({
      findUser: (realm) => (realm === homeDomain ? user : undefined),
      random: platform.randomOctets,
    });
    this.requests = new RequestAuthentication({ platform, homeDomain, user });
  }

  /** With an answer where a challenge is known, else with the private identity alone (TS 24.229 5.1.1.2). */
  authorize(request: SipRequest): SipRequest {
    const answered = this.#client.authorize(request);
    if (this.#named === undefined || answered.headers.has('Authorization')) return answered;
    const realm = this.#homeDomain;
    const named = nameUser({ impi: this.#named, realm, uri: request.requestUri, algorithm: undefined, nonce: '' });
    return { ...answered, headers: answered.headers.with('Authorization', named) };
  }

  judge(request: SipRequest, response: SipResponse, circumstances: Circumstances): Judgement {
    try {
      const { statusCode } = response;
      if (statusCode === 401 || statusCode === 407) return this.#answer(request, response);
      this.#client.confirm(request, response);
      if (statusCode < 300 && circumstances.mustProve && !isProven(request, response)) {
        return this.#refused('network not authenticated');
      }
      if (statusCode < 300) this.#tellHash(request);
      return statusCode === 403 && hasAnswer(request) ? this.#onRefusal(circumstances) : undefined;
    } catch (error) {
      if (error instanceof SipError) return this.#onFault(error);
      throw error;
    }
  }

  /** Never without `qop`: nothing of ours would be in the proof of the network then, and an old one would do (N.2.1.1). */
  #answer(request: SipRequest, response: SipResponse): Judgement {
    const answered = this.#client.retry(request, response);
    const hasQop = readAnswers(answered).every(({ qop }) => qop !== undefined);
    return hasQop ? { type: 'again', request: answered } : this.#refused('scheme not offered');
  }

  #tellHash(request: SipRequest): void {
    const [answer] = readAnswers(request);
    const hash = answer && findDigestAlgorithm(answer.algorithm)?.hash;
    if (hash !== undefined) this.requests.registeredBy(hash);
  }

  /** The answer to a challenge of long ago proves nothing: another one may be asked for. */
  #onRefusal({ isFirst }: Circumstances): RegisterOutcome {
    if (!isFirst) return this.#refused('wrong credentials');
    this.#client.forget(this.#homeDomain);
    return { type: 'try afresh' };
  }

  #onFault(error: SipError): RegisterOutcome {
    if (error instanceof HeaderMalformed) return { type: 'try again', afterMs: undefined };
    if (error instanceof CredentialsRejected) return this.#refused('wrong credentials');
    const isOffer = error.code === 'ERR_SIP_CHALLENGE_UNSUPPORTED';
    return this.#refused(isOffer ? 'scheme not offered' : 'network not authenticated');
  }

  /** Whoever tries again by hand starts anew. */
  #refused(detail: RefusalDetail): RegisterOutcome {
    this.#client.forget(this.#homeDomain);
    return { type: 'refused', detail };
  }
}

function hashPassword(username: string, realm: string, password: string): Record<(typeof hashes)[number], string> {
  const entries = hashes.map((hash) => [hash, createHa1(hash, { username, realm, password })] as const);
  return Object.fromEntries(entries) as Record<(typeof hashes)[number], string>;
}

const hashes = ['MD5', 'SHA-256', 'SHA-512-256'] as const;

/** Whether the network has shown that it knows the secret: `confirm` has checked the proof, if there was an answer. */
function isProven(request: SipRequest, { headers }: SipResponse): boolean {
  const lines = headers.all('Authentication-Info');
  return hasAnswer(request) && lines.length > 0 && parseAuthenticationInfo(lines.join(',')).rspauth !== undefined;
}

function hasAnswer(request: SipRequest): boolean {
  return readAnswers(request).length > 0;
}

/** Without those that only name the user. */
function readAnswers({ headers }: SipRequest): readonly DigestCredentials[] {
  return headers
    .all('Authorization')
    .map((value) => parseDigestCredentials(value))
    .filter(({ response }) => response !== '');
}
