/**
 * An S-CSCF that authenticates by SIP Digest (TS 33.203 N.2.1.1, P.4.2), with a real Digest server: it believes the
 * edge's `integrity-protected` and nothing else.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  createHa1,
  createResponse,
  type DigestAccepted,
  DigestServer,
  isNetworkProvided,
  parseAuthorization,
  parseNameAddr,
  parsePAccessNetworkInfo,
  type SipRequest,
  type SipResponse,
  StoredNonces,
} from '@wicgate/sip';
import type { Answer } from './scripted-core.ts';

const realm = 'ims.example';
const random = (length: number): Uint8Array => randomBytes(length);

export class DigestRegistrar {
  readonly #server = new DigestServer({
    realm,
    nonces: new StoredNonces({ lifetimeMs: 60_000, now: Date.now, random }),
    random,
  });
  readonly #passwords = new Map<string, string>();
  readonly #impus = new Map<string, readonly string[]>();
  readonly #accept: Answer;
  /** Whether a user on a bound TLS session is let in unasked (O.4.3: it may be). */
  skipsBound = false;

  /** `accept` makes the 200. */
  constructor(accept: Answer) {
    this.#accept = accept;
  }

  /** A user `<name>@ims.example` with password `<name>-demo` and these identities. */
  addUser(name: string, impus: readonly string[] = [`sip:${name}@${realm}`]): void {
    this.#passwords.set(`${name}@${realm}`, `${name}-demo`);
    this.#impus.set(`${name}@${realm}`, impus);
  }

  answer(request: SipRequest): SipResponse | undefined {
    const value = request.headers.first('Authorization');
    const params = value === undefined ? undefined : parseAuthorization(value).params;
    const indicator = params?.get('integrity-protected');
    if (indicator === 'auth-done') return this.#accept(request);
    // Early IMS security (P.4.2 step 2), which nobody here has.
    if (params === undefined && !isFromNonThreeGppAccess(request)) return refuse(request);
    if (indicator === 'tls-yes' && this.skipsBound) return this.#register(request, params?.get('username') ?? '');
    if (indicator === undefined) return this.#challenge(request, false);
    if (indicator === 'tls-yes' && params?.get('response') === '') return this.#challenge(request, false);
    return indicator === 'tls-pending' || indicator === 'tls-yes' ? this.#verify(request) : refuse(request);
  }

  #verify(request: SipRequest): SipResponse | undefined {
    const outcome = this.#server.authenticate(request, ({ username, algorithm }) => {
      const password = this.#passwords.get(username);
      return password === undefined ? undefined : createHa1(algorithm.hash, { username, realm, password });
    });
    if (outcome.kind === 'stale') return this.#challenge(request, true);
    return outcome.kind === 'accepted' ? this.#register(request, outcome.username, outcome) : refuse(request);
  }

  /** The HSS knows whose the public identity is. */
  #register(request: SipRequest, impi: string, accepted?: DigestAccepted): SipResponse | undefined {
    const { uri } = parseNameAddr(request.headers.first('To') ?? '');
    if (this.#impus.get(impi)?.includes(uri) !== true) return refuse(request);
    const response = this.#accept(request);
    if (response === undefined || accepted === undefined) return response;
    return { ...response, headers: response.headers.with('Authentication-Info', accepted.authenticationInfo()) };
  }

  #challenge(request: SipRequest, stale: boolean): SipResponse {
    return createResponse(request, this.#server.statusCode, {
      toTag: 'registrar',
      headers: this.#server.challenge({ stale }),
    });
  }
}

function refuse(request: SipRequest): SipResponse {
  return createResponse(request, 403, { toTag: 'registrar' });
}

function isFromNonThreeGppAccess({ headers }: SipRequest): boolean {
  return headers
    .all('P-Access-Network-Info')
    .map((value) => parsePAccessNetworkInfo(value))
    .some((info) => isNetworkProvided(info) && !info.access.startsWith('3GPP'));
}
