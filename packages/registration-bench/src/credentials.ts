/**
 * What a user registers with, by scheme (TS 33.203 X.3.2.3, X.2.2, X.2.3.3).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { type AkaDigestAnswer, akaDigestAnswer, parseAkaNonce, type SequenceState, SoftIsim } from '@wicgate/aka';
import { DigestClient, formatDigestCredentials, parseChallenge, type SipRequest, type SipResponse } from '@wicgate/sip';
import { akaAlgorithm, homeDomain, impiOf, milenageKeys, passwordOf, type Scheme } from './accounts.ts';

export interface Credentials {
  /** `request` with what is known before anybody asks. */
  authorize(request: SipRequest): SipRequest;
  /** The request that answers `challenge`, the 401 to `request`; without a Via. */
  answer(request: SipRequest, challenge: SipResponse): Promise<SipRequest>;
}

export interface CredentialsOptions {
  readonly scheme: Scheme;
  readonly user: string;
  /** Of the WAF, for Bearer. */
  readonly token: string;
  /** Whether the ISIM remembers sequence numbers: a core that answers from a table gives the same vector each time. */
  readonly remembersSqn: boolean;
}

const random = (length: number): Uint8Array => randomBytes(length);

export function createCredentials(options: CredentialsOptions): Credentials {
  if (options.scheme.name === 'Bearer') return new TokenCredentials(options.token);
  if (options.scheme.name === 'AKAv2-SHA-256') return new SimCredentials(options);
  return new PasswordCredentials(options.user);
}

class TokenCredentials implements Credentials {
  readonly #value: string;

  constructor(token: string) {
    this.#value = `Bearer ${token}`;
  }

  authorize(request: SipRequest): SipRequest {
    return { ...request, headers: request.headers.with('Authorization', this.#value) };
  }

  answer(): Promise<SipRequest> {
    return Promise.reject(new Error('expected the token to be taken'));
  }
}

/** Asks for a challenge once; from then on requests carry the next answer unasked. */
class PasswordCredentials implements Credentials {
  readonly #client: DigestClient;

  constructor(user: string) {
    const known = { username: impiOf(user), password: passwordOf(user) };
    this.#client = new DigestClient({ findUser: () => known, random });
  }

  authorize(request: SipRequest): SipRequest {
    return this.#client.authorize(request);
  }

  answer(request: SipRequest, challenge: SipResponse): Promise<SipRequest> {
    return Promise.resolve(this.#client.retry(request, challenge));
  }
}

/** Names the user and asks for a challenge each time: a vector is good for one answer. */
class SimCredentials implements Credentials {
  readonly #named: string;
  readonly #isim: SoftIsim;
  readonly #client: DigestClient;
  #state: SequenceState | undefined;
  #answer: AkaDigestAnswer | undefined;

  constructor({ user, remembersSqn }: CredentialsOptions) {
    this.#named = nameUser(impiOf(user));
    const save = (state: SequenceState): Promise<void> => {
      if (remembersSqn) this.#state = state;
      return Promise.resolve();
    };
    this.#isim = new SoftIsim({ keys: milenageKeys(), store: { load: () => Promise.resolve(this.#state), save } });
    const known = { username: impiOf(user), aka: () => this.#answer };
    this.#client = new DigestClient({ findUser: () => known, random });
  }

  authorize(request: SipRequest): SipRequest {
    return { ...request, headers: request.headers.with('Authorization', this.#named) };
  }

  async answer(request: SipRequest, challenge: SipResponse): Promise<SipRequest> {
    const asked = parseChallenge(challenge.headers.first('WWW-Authenticate') ?? '');
    if (asked.scheme !== 'Digest') throw new TypeError('expected a Digest challenge');
    const { rand, autn } = parseAkaNonce(asked.nonce);
    this.#answer = akaDigestAnswer(akaAlgorithm, await this.#isim.authenticate(rand, autn));
    return this.#client.retry({ ...request, headers: request.headers.without('Authorization') }, challenge);
  }
}

/** Digest credentials that answer nothing (TS 24.229 5.1.1.2). */
function nameUser(impi: string): string {
  return formatDigestCredentials({
    username: impi,
    userhash: false,
    realm: homeDomain,
    uri: `sip:${homeDomain}`,
    nonce: '',
    response: '',
    algorithm: akaAlgorithm,
    cnonce: undefined,
    opaque: undefined,
    qop: undefined,
    nonceCount: undefined,
    params: new Map(),
  });
}
