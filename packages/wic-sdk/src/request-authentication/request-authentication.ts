/**
 * SIP Digest for requests other than REGISTER (TS 33.203 N.2.1.2): the UE answers the proxy challenges of its S-CSCF.
 *
 * Nonces and their counts are of its own engine (NOTE 1a); the secret and its hash are those of the registration, for
 * both challenges stem from one vector. The last challenge is kept and answered in advance.
 *
 * @module
 */
import {
  CredentialsRejected,
  DigestClient,
  type DigestHash,
  type DigestUser,
  parseDigestCredentials,
  SipError,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import type { Platform } from '../platform.ts';

export interface RequestAuthenticationOptions {
  readonly platform: Pick<Platform, 'randomOctets'>;
  /** The realm; challenges of other realms are not answered. */
  readonly homeDomain: string;
  readonly user: DigestUser;
}

export class RequestAuthentication {
  readonly #options: RequestAuthenticationOptions;
  #hash: DigestHash | undefined;
  /** Undefined before a registration: nothing is answered. */
  #client: DigestClient | undefined;

  constructor(options: RequestAuthenticationOptions) {
    this.#options = options;
  }

  /** The user is registered by an answer with this hash: challenges with a weaker one are not answered. */
  registeredBy(hash: DigestHash): void {
    if (hash === this.#hash) return;
    this.#hash = hash;
    this.#forget();
  }

  /** With an answer to the challenge of an earlier request, where there was one. */
  authorize(request: SipRequest): SipRequest {
    return this.#client?.authorize(request) ?? request;
  }

  /**
   * The request to send after `response`, a 407 to `request`: with an answer and the next CSeq; undefined where the
   * challenge is not for us or the last answer was refused. One that was merely stale is given anew, once.
   */
  answer(request: SipRequest, response: SipResponse): SipRequest | undefined {
    if (this.#client === undefined || response.statusCode !== 407) return undefined;
    try {
      const answered = this.#client.retry(request, response);
      // Without `qop` there is no nonce count, which the S-CSCF checks; and an old answer would do as well.
      if (answersOf(answered).every(({ qop }) => qop !== undefined)) return answered;
      this.#forget();
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      if (error instanceof CredentialsRejected) this.#forget();
    }
    return undefined;
  }

  /** Takes any other final response to `request`: the next nonce may be in it. */
  confirm(request: SipRequest, response: SipResponse): void {
    try {
      this.#client?.confirm(request, response);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.#forget();
    }
  }

  /** What comes next starts anew. */
  #forget(): void {
    const { platform, homeDomain, user } = this.#options;
    if (this.#hash === undefined) return;
    this.#client = new DigestClient({
      findUser: (realm, asker) => (realm === homeDomain && asker === 'proxy' ? user : undefined),
      random: platform.randomOctets,
      minimumHash: this.#hash,
    });
  }
}

const header = 'Proxy-Authorization';

function answersOf({ headers }: SipRequest): readonly ReturnType<typeof parseDigestCredentials>[] {
  return headers.all(header).map((value) => parseDigestCredentials(value, header));
}
