/**
 * An S-CSCF that asks for a proof with each request other than REGISTER (TS 33.203 N.2.1.2).
 *
 * @module
 */
import {
  createHa1,
  createResponse,
  DigestServer,
  parseNameAddr,
  type SipRequest,
  type SipResponse,
  StoredNonces,
} from '@wicgate/sip';
import type { VirtualClock } from './virtual-clock.ts';

export interface InMemoryProxyChallengeOptions {
  readonly realm?: string;
  /** SHA-256 and MD5 unless given. */
  readonly algorithms?: readonly string[];
}

const random = (length: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(length));
const nonceLifetimeMs = 300_000;

export class InMemoryProxyChallenge {
  /** By private identity. */
  readonly passwords = new Map<string, string>();
  readonly #realm: string;
  readonly #server: DigestServer;

  constructor(clock: VirtualClock, { realm = 'ims.example', algorithms }: InMemoryProxyChallengeOptions = {}) {
    this.#realm = realm;
    const nonces = new StoredNonces({ lifetimeMs: nonceLifetimeMs, now: clock.now, random });
    const shared = { realm, asker: 'proxy', nonces, random } as const;
    this.#server = new DigestServer({ ...shared, algorithms: algorithms ?? ['SHA-256', 'MD5'] });
  }

  /** The 407 to `request`; undefined where it is proven, or in a dialog. */
  refuse(request: SipRequest): SipResponse | undefined {
    const isFirst = !parseNameAddr(request.headers.first('To') ?? '').params.has('tag');
    if (!isFirst || ['REGISTER', 'CANCEL', 'ACK'].includes(request.method)) return undefined;
    const realm = this.#realm;
    const outcome = this.#server.authenticate(request, ({ username, algorithm }) => {
      const password = this.passwords.get(username);
      return password === undefined ? undefined : createHa1(algorithm.hash, { username, realm, password });
    });
    return outcome.kind === 'accepted' ? undefined : this.challenge(request, outcome.kind === 'stale');
  }

  challenge(request: SipRequest, stale = false): SipResponse {
    return createResponse(request, 407, { toTag: 'core', headers: this.#server.challenge({ stale }) });
  }
}
