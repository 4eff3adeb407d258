/**
 * SIP Digest for requests other than REGISTER (TS 33.203 N.2.1.2): the S-CSCF as a proxy asks who is calling.
 *
 * Nonces and their counts are of its own engine (NOTE 1a), H(A1) is that of the last registration (NOTE 1b). Users who
 * are registered otherwise are not asked: annex N is not for them.
 *
 * @module
 */
import type { DigestAuthDataItem } from '@wicgate/cx';
import {
  type Clock,
  canonicalImpu,
  DigestServer,
  findAssertedIdentity,
  parseDigestCredentials,
  SealedNonces,
  SipError,
  type SipRequest,
} from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import { algorithmsOf, ha1Of } from './authentication-data.ts';
import { canonicalImpi } from './private-identity.ts';
import type { StoredPasswords } from './stored-passwords.ts';

export interface RequestAuthenticationOptions {
  readonly clock: Clock;
  /** That many octets from a cryptographic random generator. */
  readonly random: (length: number) => Uint8Array;
  /** Realm of the credentials. */
  readonly homeDomain: string;
  readonly passwords: StoredPasswords;
  /** Private identities for which this public one is registered, and not barred. */
  readonly findUsers: (impu: string) => readonly string[];
}

const nonceLifetimeMs = 5 * 60_000;
const header = 'Proxy-Authorization';

export class RequestAuthentication {
  readonly #options: RequestAuthenticationOptions;
  readonly #servers: Readonly<Record<'all' | 'MD5', DigestServer>>;

  constructor(options: RequestAuthenticationOptions) {
    this.#options = options;
    const { clock, random, homeDomain: realm } = options;
    const nonces = new SealedNonces({ key: random(32), lifetimeMs: nonceLifetimeMs, now: () => clock.now(), random });
    const shared = { realm, asker: 'proxy', nonces, random } as const;
    this.#servers = { all: new DigestServer(shared), MD5: new DigestServer({ ...shared, algorithms: ['MD5'] }) };
  }

  /**
   * The request as it goes on, without the credentials that were meant for us.
   *
   * @throws {RequestRefused} 407 with a challenge; 403: a wrong response, or an asserted identity that is not of the
   * user. @throws {HeaderMalformed}
   */
  authenticate(request: SipRequest): SipRequest {
    const { sip, tel } = findAssertedIdentity(request.headers, 'P-Asserted-Identity');
    const asserted = [sip, tel].filter((identity) => identity !== undefined).map(({ uri }) => canonicalImpu(uri));
    const users = asserted.flatMap((impu) => this.#options.findUsers(impu));
    const [item] = users.flatMap((impi) => this.#options.passwords.find(impi));
    if (item === undefined) return request;
    const server = this.#serverFor(item);
    const claim = server.read(request);
    if (claim.kind === 'refused') throw challengeBy(server);
    const impi = canonicalImpi(claim.username);
    const proven = this.#options.passwords.find(impi).find((stored) => {
      const outcome = server.verify(claim, ha1Of({ scheme: 'SIP Digest', item: stored }, claim));
      if (outcome.kind === 'stale') throw challengeBy(server, true);
      return outcome.kind === 'accepted';
    });
    if (proven === undefined) throw new RequestRefused('REQUEST_NOT_AUTHENTICATED');
    // What the P-CSCF asserts is the weaker proof (Q.2).
    if (!users.includes(impi)) throw new RequestRefused('ASSERTED_IDENTITY_OF_ANOTHER');
    this.#options.passwords.use(impi, proven);
    return withoutOurs(request, this.#options.homeDomain);
  }

  #serverFor(item: DigestAuthDataItem): DigestServer {
    return this.#servers[algorithmsOf({ scheme: 'SIP Digest', item }).length === 1 ? 'MD5' : 'all'];
  }
}

function challengeBy(server: DigestServer, stale = false): RequestRefused {
  return new RequestRefused('PROXY_AUTHENTICATION_REQUIRED', server.challenge({ stale }));
}

/** RFC 3261 22.3: other proxies may have asked too. */
function withoutOurs(request: SipRequest, realm: string): SipRequest {
  const others = request.headers.all(header).filter((value) => realmOf(value) !== realm);
  const headers = others.reduce((kept, value) => kept.with(header, value), request.headers.without(header));
  return { ...request, headers };
}

function realmOf(value: string): string | undefined {
  try {
    return parseDigestCredentials(value, header).realm;
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}
