/**
 * SIP Digest at the S-CSCF (TS 33.203 annex N, O.2.3 and O.4.3; RFC 7616, RFC 8760).
 *
 * Users whom the HSS does not know, or who have no password, are challenged and refused as all others are: nobody learns
 * from it who exists.
 *
 * @module
 */
import type { CxHss, DigestAuthDataItem, MultimediaAuthAnswer } from '@wicgate/cx';
import {
  type Clock,
  type DigestHash,
  type DigestRefusal,
  DigestServer,
  parseUri,
  SipError,
  type SipRequest,
} from '@wicgate/sip';
import { type RefusalReason, RequestRefused } from '../errors.ts';
import { findCredentials, findIntegrityProtection } from './authentication-scheme.ts';
import { type ChallengeFor, Challenges } from './challenges.ts';

export interface DigestAuthenticationOptions {
  readonly hss: CxHss;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
  /** Realm of the credentials. */
  readonly homeDomain: string;
  /** SIP URI of this S-CSCF. */
  readonly serverName: () => string;
  /** `host` and `host:port` that digest-uri may name, in lower case. */
  readonly digestTargets: () => readonly string[];
  /** The user gave no answer in time, or a wrong one. Only told of users whom the HSS knows. */
  readonly onUnauthenticated: (
    user: Pick<ChallengeFor, 'impi' | 'impu'>,
    type: 'AUTHENTICATION_FAILURE' | 'AUTHENTICATION_TIMEOUT',
  ) => void;
}

/** A REGISTER whose user is to prove who they are. */
export interface DigestApplicant {
  readonly request: SipRequest;
  readonly impi: string;
  /** Canonical. */
  readonly impu: string;
  readonly callId: string;
  /** The user is registered, and that in the state "tls-protected" (O.2.3). */
  readonly isTlsProtected: boolean;
}

export type DigestVerdict =
  /** Header fields of the 401. */
  | { readonly kind: 'challenge'; readonly headers: readonly (readonly [string, string])[] }
  | {
      readonly kind: 'accepted';
      /** Value of Authentication-Info; undefined where nothing was to prove. */
      readonly authenticationInfo: string | undefined;
      /** The P-CSCF got the REGISTER over TLS (O.2.3): the registration is "tls-protected" from now on. */
      readonly isTlsProtected: boolean;
    };

export class DigestAuthentication {
  readonly challenges: Challenges;
  readonly #options: DigestAuthenticationOptions;
  /** Offers SHA-256, then MD5 (RFC 8760 2.3). */
  readonly #server: DigestServer;
  /** For users of whom the HSS has the H(A1) of MD5 only. */
  readonly #md5Server: DigestServer;

  constructor(options: DigestAuthenticationOptions) {
    this.#options = options;
    const { clock, random, homeDomain: realm, onUnauthenticated, digestTargets } = options;
    const onUnanswered = (user: ChallengeFor): void => onUnauthenticated(user, 'AUTHENTICATION_TIMEOUT');
    this.challenges = new Challenges({ clock, random, onUnanswered });
    const isSameTarget = (uri: string): boolean => isOneOf(uri, digestTargets());
    const shared = { realm, nonces: this.challenges, random, isSameTarget } as const;
    this.#server = new DigestServer(shared);
    this.#md5Server = new DigestServer({ ...shared, algorithms: ['MD5'] });
  }

  /** @throws {RequestRefused} 400, 403 or 500. @throws {HeaderMalformed} @throws {CxError} */
  async authenticate(applicant: DigestApplicant): Promise<DigestVerdict> {
    const { request, impi, impu, callId } = applicant;
    const protection = findIntegrityProtection(request);
    const isTlsProtected = protection === 'tls-pending' || protection === 'tls-yes';
    if (!hasAnswer(request)) {
      // O.4.3: the P-CSCF knows the user by the TLS session. Without an answer nothing else gets in.
      if (protection === 'tls-yes' && applicant.isTlsProtected) {
        return { kind: 'accepted', authenticationInfo: undefined, isTlsProtected };
      }
      return this.#challenge(applicant, await this.#ask(applicant));
    }
    const known = this.challenges.find(impi);
    const item = this.challenges.isOpen(applicant) ? known?.item : await this.#ask(applicant);
    const server = this.#serverFor(item);
    // A challenge is answered with its own Call-ID only (TS 24.229 5.4.1.2.2), and for its own identity.
    const isAsked = known?.callId === callId && known.impu === impu;
    const claim = server.read(request, { bound: isAsked ? impi : '' });
    if (claim.kind === 'refused') return this.#challengeUnlessBroken(claim.reason, applicant, item);
    const outcome = server.verify(claim, ha1Of(item, claim.algorithm.hash));
    if (outcome.kind === 'stale') return this.#challenge(applicant, item, true);
    if (outcome.kind === 'refused') {
      if (claim.nonce.state === 'current') this.challenges.close(impi);
      if (item !== undefined) this.#tellFailure(applicant);
      throw new RequestRefused('AUTHENTICATION_FAILED');
    }
    return { kind: 'accepted', authenticationInfo: outcome.authenticationInfo(), isTlsProtected };
  }

  /** One header field a challenge, with a new nonce; the old one is worth nothing any more (N.2.2.3, N.2.3). */
  #challenge(
    { impi, impu, callId }: DigestApplicant,
    item: DigestAuthDataItem | undefined,
    stale = false,
  ): DigestVerdict {
    this.challenges.open({ impi, impu, callId, item });
    return { kind: 'challenge', headers: this.#serverFor(item).challenge({ bound: impi, stale }) };
  }

  /** What cannot be an answer to our challenge gets another one. */
  #challengeUnlessBroken(
    reason: DigestRefusal,
    applicant: DigestApplicant,
    item: DigestAuthDataItem | undefined,
  ): DigestVerdict {
    if (reason === 'malformed' || reason === 'several credentials' || reason === 'another uri') {
      if (item !== undefined) this.#tellFailure(applicant);
      throw new RequestRefused('CREDENTIALS_UNFIT');
    }
    return this.#challenge(applicant, item);
  }

  /** N.2.2.1; while a challenge is open, its answer is still to come. */
  #tellFailure({ impi, impu }: DigestApplicant): void {
    if (!this.challenges.isOpen({ impi, impu }))
      this.#options.onUnauthenticated({ impi, impu }, 'AUTHENTICATION_FAILURE');
  }

  /** CM1 and CM2; undefined for nobody's. P.4.2 step 3: the HSS says which scheme the user has. */
  async #ask({ impi, impu }: DigestApplicant): Promise<DigestAuthDataItem | undefined> {
    const answer = await this.#options.hss.multimediaAuth({
      impi,
      impu,
      serverName: this.#options.serverName(),
      numberOfAuthItems: 1,
      sipAuthenticationScheme: 'Unknown',
      sipAuthorization: undefined,
    });
    return itemIn(answer, this.#options.homeDomain);
  }

  /** Users who do not exist are asked for what most users are asked for. */
  #serverFor(item: DigestAuthDataItem | undefined): DigestServer {
    return item !== undefined && item.alternates.length === 0 ? this.#md5Server : this.#server;
  }
}

function itemIn(answer: MultimediaAuthAnswer, realm: string): DigestAuthDataItem | undefined {
  if (answer.name === 'DIAMETER_UNABLE_TO_COMPLY') throw new RequestRefused('HSS_FAILED');
  if (answer.name !== 'DIAMETER_SUCCESS') return undefined;
  const [item] = answer.authItems;
  if (item?.scheme === 'SIP Digest' && item.realm === realm) return item;
  throw new RequestRefused(otherSchemes[item?.scheme ?? 'SIP Digest']);
}

const otherSchemes: Readonly<Record<'SIP Digest' | 'NASS-Bundled' | 'Digest-AKAv1-MD5', RefusalReason>> = {
  'SIP Digest': 'HSS_FAILED',
  'NASS-Bundled': 'NBA_NOT_SUPPORTED',
  'Digest-AKAv1-MD5': 'NO_AUTHENTICATION_SCHEME',
};

/** The first REGISTER has no credentials, or some with an empty response (TS 24.229 5.1.1.2). */
function hasAnswer(request: SipRequest): boolean {
  const response = findCredentials(request)?.params.get('response');
  return response !== undefined && response !== '';
}

function ha1Of(item: DigestAuthDataItem | undefined, hash: DigestHash): string | undefined {
  return hash === 'MD5' ? item?.ha1 : item?.alternates.find(({ algorithm }) => algorithm === hash)?.ha1;
}

/** The I-CSCF sent the REGISTER on to our name, so that its Request-URI is not what the user hashed any more. */
function isOneOf(text: string, targets: readonly string[]): boolean {
  try {
    const uri = parseUri(text);
    if (uri.scheme === 'tel') return false;
    return targets.includes(uri.port === undefined ? uri.host : `${uri.host}:${uri.port}`);
  } catch (error) {
    if (error instanceof SipError) return false;
    throw error;
  }
}
