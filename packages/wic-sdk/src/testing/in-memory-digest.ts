/**
 * A core that authenticates by SIP Digest (TS 33.203 N.2.1.1), behind a gateway that offers Bearer besides.
 *
 * @module
 */
import {
  canonicalImpu,
  createHa1,
  createResponse,
  DigestServer,
  hasBearerCredentials,
  parseNameAddr,
  type SipRequest,
  type SipResponse,
  StoredNonces,
} from '@wicgate/sip';
import type { VirtualClock } from './virtual-clock.ts';

type Pair = readonly [name: string, value: string];

export type DigestVerdict =
  | { readonly kind: 'accepted'; readonly headers: readonly Pair[] }
  | { readonly kind: 'refused'; readonly response: SipResponse };

export interface InMemoryDigestOptions {
  readonly realm?: string;
  /** SHA-256 and MD5 unless given. */
  readonly algorithms?: readonly string[];
}

const bearerChallenge: Pair = [
  'WWW-Authenticate',
  'Bearer realm="ims.example",authz_server="https://waf.example",scope="webrtc-ims-client-access-to-ims"',
];
const nonceLifetimeMs = 3_600_000;
const random = (length: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(length));

export class InMemoryDigest {
  /** By private identity. */
  readonly passwords = new Map<string, string>();
  /** What the 200 says of the network: a proof, a wrong one, or nothing. */
  proof: 'right' | 'wrong' | 'none' = 'right';
  /** Whether a wrong password is asked for again (401) instead of refused (403). */
  asksAgain = false;
  readonly #clock: VirtualClock;
  readonly #options: InMemoryDigestOptions;
  #server: DigestServer;

  constructor(clock: VirtualClock, options: InMemoryDigestOptions = {}) {
    this.#clock = clock;
    this.#options = options;
    this.#server = this.#createServer();
  }

  /** Forgets its nonces. */
  restart(): void {
    this.#server = this.#createServer();
  }

  judge(request: SipRequest): DigestVerdict {
    if (hasBearerCredentials(request.headers)) return { kind: 'accepted', headers: [] };
    const { realm } = this;
    const isUnanswered = !request.headers.all('Authorization').some((value) => /response="?\w/u.test(value));
    if (isUnanswered) return this.#challenge(request, false);
    const outcome = this.#server.authenticate(request, ({ username, algorithm }) => {
      const password = this.passwords.get(username);
      return password === undefined ? undefined : createHa1(algorithm.hash, { username, realm, password });
    });
    if (outcome.kind === 'stale') return this.#challenge(request, true);
    const { uri } = parseNameAddr(request.headers.first('To') ?? '');
    if (outcome.kind === 'refused' || `sip:${outcome.username}` !== canonicalImpu(uri)) {
      return this.asksAgain ? this.#challenge(request, false) : { kind: 'refused', response: answer(request, 403) };
    }
    if (this.proof === 'none') return { kind: 'accepted', headers: [] };
    const info = outcome.authenticationInfo();
    const shown = this.proof === 'right' ? info : info.replace(/rspauth="[0-9a-f]{4}/u, 'rspauth="0000');
    return { kind: 'accepted', headers: [['Authentication-Info', shown]] };
  }

  get realm(): string {
    return this.#options.realm ?? 'ims.example';
  }

  /** Digest first, then Bearer. */
  #challenge(request: SipRequest, stale: boolean): DigestVerdict {
    return { kind: 'refused', response: answer(request, 401, [...this.#server.challenge({ stale }), bearerChallenge]) };
  }

  #createServer(): DigestServer {
    const { realm } = this;
    const { algorithms = ['SHA-256', 'MD5'] } = this.#options;
    const nonces = new StoredNonces({ lifetimeMs: nonceLifetimeMs, now: this.#clock.now, random });
    return new DigestServer({ realm, nonces, random, algorithms });
  }
}

function answer(request: SipRequest, statusCode: number, headers: readonly Pair[] = []): SipResponse {
  return createResponse(request, statusCode, { toTag: 'core', headers });
}
