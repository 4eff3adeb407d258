/**
 * Authentication at the S-CSCF: IMS AKA, over TLS and without (TS 33.203 6.1, X.2.3.3), and SIP Digest (annex N, O.2.3,
 * O.4.3); RFC 3310, RFC 4169, RFC 7616, RFC 8760.
 *
 * One procedure for all of them; what differs stands in the authentication data. Users whom the HSS does not know, or
 * not with the scheme that they ask for, are challenged and refused as all others are: nobody learns from it who exists.
 *
 * @module
 */
import { AutsMalformed, parseAuts } from '@wicgate/aka';
import type { DigestAuthDataItem } from '@wicgate/cx';
import type { Clock, DigestClaim, DigestOutcome, DigestServer, SipRequest } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import type { CoreCounts } from '../metrics.ts';
import { readAnswer } from './answer.ts';
import { type AuthenticationData, ha1Of, isKnown, type VectorData } from './authentication-data.ts';
import { type AuthenticationQuestionOptions, askForData } from './authentication-question.ts';
import { type AuthenticationScheme, findIntegrityProtection, type RegisteredScheme } from './authentication-scheme.ts';
import { type Challenge, type ChallengeFor, Challenges } from './challenges.ts';
import { DigestServers } from './digest-servers.ts';
import { isSameTarget } from './digest-target.ts';
import { StoredPasswords } from './stored-passwords.ts';

export interface AuthenticationOptions extends AuthenticationQuestionOptions {
  readonly clock: Clock;
  /** `host` and `host:port` that digest-uri may name, in lower case. */
  readonly digestTargets: () => readonly string[];
  readonly counts: Pick<CoreCounts, 'digestChecked'>;
  /** Whether some public identity of this private one is registered. */
  readonly isRegistered: (impi: string) => boolean;
  /** The user gave no answer in time, or a wrong one. Only told of users whom the HSS knows. */
  readonly onUnauthenticated: (
    user: Pick<ChallengeFor, 'impi' | 'impu'>,
    type: 'AUTHENTICATION_FAILURE' | 'AUTHENTICATION_TIMEOUT',
  ) => void;
}

/** A REGISTER whose user is to prove who they are. */
export interface Applicant {
  readonly request: SipRequest;
  readonly impi: string;
  /** Canonical. */
  readonly impu: string;
  readonly callId: string;
  readonly scheme: AuthenticationScheme;
  /** The user is registered, and that in the state "tls-protected" (O.2.3, X.2.3.3). */
  readonly isTlsProtected: boolean;
}

export type AuthenticationVerdict =
  /** Header fields of the 401. */
  | { readonly kind: 'challenge'; readonly headers: readonly (readonly [string, string])[] }
  | {
      readonly kind: 'accepted';
      readonly scheme: RegisteredScheme;
      /** Value of Authentication-Info; undefined where nothing was to prove. */
      readonly authenticationInfo: string | undefined;
      /** The P-CSCF got the REGISTER over TLS (O.2.3, X.2.3.3): the registration is "tls-protected" from now on. */
      readonly isTlsProtected: boolean;
      /** The H(A1) that the answer was right by. */
      readonly password: DigestAuthDataItem | undefined;
    };

export type Accepted = Extract<AuthenticationVerdict, { readonly kind: 'accepted' }>;

export class Authentication {
  readonly challenges: Challenges;
  readonly passwords: StoredPasswords;
  readonly #options: AuthenticationOptions;
  readonly #servers: DigestServers;

  constructor(options: AuthenticationOptions) {
    this.#options = options;
    const { clock, random, onUnauthenticated, homeDomain: realm, digestTargets } = options;
    const onUnanswered = (user: ChallengeFor): void => onUnauthenticated(user, 'AUTHENTICATION_TIMEOUT');
    this.challenges = new Challenges({ clock, random, onUnanswered });
    this.passwords = new StoredPasswords(clock);
    const isTarget = (uri: string): boolean => isSameTarget(uri, digestTargets());
    this.#servers = new DigestServers({ realm, nonces: this.challenges, random, isSameTarget: isTarget });
  }

  /** @throws {RequestRefused} 400, 403 or 500. @throws {HeaderMalformed} @throws {CxError} */
  async authenticate(applicant: Applicant): Promise<AuthenticationVerdict> {
    const { request, impi } = applicant;
    const protection = findIntegrityProtection(request);
    const asked = this.#findAsked(applicant);
    this.#checkKnown(impi, protection);
    const answer = readAnswer(request, asked?.nonce);
    switch (answer.kind) {
      case 'none':
        return protection === 'tls-yes' && applicant.isTlsProtected
          ? recognised
          : this.#challenge(applicant, await this.#ask(applicant));
      case 'AUTS':
        return asked?.data.scheme === 'SIP Digest' || asked === undefined
          ? this.#challenge(applicant, await this.#ask(applicant))
          : this.#resynchronise(applicant, { ...asked, data: asked.data }, answer.auts);
      case 'empty':
        // 6.1.2.2: for the ISIM, the challenge is not the network's. Without a password there is no response at all.
        if (asked === undefined || asked.data.scheme === 'SIP Digest') {
          return this.#challenge(applicant, await this.#ask(applicant));
        }
        return this.#fail(applicant, asked.data);
      case 'response':
        return this.#verify(applicant, asked);
    }
  }

  /** The user is registered, or was, by this verdict: what authenticated them is kept as far as it serves again. */
  settle(impi: string, { password }: Accepted): void {
    this.challenges.settle(impi);
    if (password !== undefined && this.#options.isRegistered(impi)) this.passwords.use(impi, password);
  }

  /** Nobody is registered by this private identity any more. */
  forget(impi: string): void {
    this.passwords.forget(impi);
  }

  /** N.2.5: the HSS pushed it. */
  receivePassword(impi: string, item: DigestAuthDataItem): void {
    if (this.#options.isRegistered(impi)) this.passwords.receive(impi, item);
  }

  /**
   * The challenge that this REGISTER may answer: of its identities, of the same scheme, and with its own Call-ID
   * (TS 24.229 5.4.1.2.2).
   */
  #findAsked({ impi, impu, callId, scheme }: Applicant): Challenge | undefined {
    const known = this.challenges.find(impi);
    const isIts = known?.callId === callId && known.impu === impu && known.scheme === scheme;
    return isIts ? known : undefined;
  }

  /** TS 24.229 5.4.1.2.2: who has security associations, but no registration and no challenge, begins anew. */
  #checkKnown(impi: string, protection: string | undefined): void {
    if (protection !== 'yes' || this.#options.isRegistered(impi)) return;
    if (this.challenges.find(impi) === undefined) throw new RequestRefused('REGISTRATION_LOST');
  }

  async #verify(applicant: Applicant, asked: Challenge | undefined): Promise<AuthenticationVerdict> {
    const { request, impi } = applicant;
    const isOpen = this.#isOpenFor(applicant);
    const data = isOpen ? this.#openData(impi) : await this.#ask(applicant);
    const server = this.#servers.for(data);
    const claim = server.read(request, { bound: asked === undefined ? '' : impi });
    if (claim.kind === 'refused') {
      if (broken.has(claim.reason)) this.#refuseBroken(applicant, data);
      return this.#challenge(applicant, isOpen ? await this.#renew(applicant, data) : data);
    }
    // A vector checks the answer to its own challenge only (6.1.1).
    if (data.scheme !== 'SIP Digest' && (!isOpen || claim.nonce.state !== 'current')) {
      return this.#challenge(applicant, isOpen ? await this.#renew(applicant, data) : data);
    }
    const { outcome, password } = this.#check(server, claim, impi, data);
    if (outcome.kind === 'stale') return this.#challenge(applicant, data, { stale: true });
    if (outcome.kind === 'refused') return this.#fail(applicant, data, claim.nonce.state === 'current');
    this.challenges.spend(impi);
    const protection = findIntegrityProtection(request);
    return {
      kind: 'accepted',
      scheme: data.scheme,
      authenticationInfo: outcome.authenticationInfo(),
      isTlsProtected: protection !== undefined && protectedByTls.has(protection),
      password,
    };
  }

  /** By the newest H(A1) first, then by the one before (N.2.5 NOTE 5). */
  #check(
    server: DigestServer,
    claim: DigestClaim,
    impi: string,
    data: AuthenticationData,
  ): { readonly outcome: DigestOutcome; readonly password: DigestAuthDataItem | undefined } {
    const stored = data.scheme === 'SIP Digest' ? this.passwords.find(impi) : [];
    const [newest, old] = stored;
    const first = newest === undefined || data.scheme !== 'SIP Digest' ? data : { ...data, item: newest };
    const verify = (by: AuthenticationData): DigestOutcome => {
      this.#options.counts.digestChecked();
      return server.verify(claim, ha1Of(by, claim));
    };
    const outcome = verify(first);
    const password = first.scheme === 'SIP Digest' ? first.item : undefined;
    if (outcome.kind !== 'refused' || old === undefined) return { outcome, password };
    const second: AuthenticationData = { scheme: 'SIP Digest', item: old };
    return { outcome: verify(second), password: old };
  }

  /**
   * 6.1.3: RAND and AUTS go to the HSS, once in a procedure; what it sends takes the place of what was there. Whether
   * AUTS is right is not told (TS 33.102 6.3.5).
   */
  async #resynchronise(
    applicant: Applicant,
    { data, isResynchronised }: Pick<Challenge, 'isResynchronised'> & { readonly data: VectorData },
    auts: string,
  ): Promise<AuthenticationVerdict> {
    if (isResynchronised) return this.#fail(applicant, data);
    const rand = data.item.sipAuthenticate.subarray(0, 16);
    const fresh = await this.#ask(applicant, Uint8Array.of(...rand, ...this.#readAuts(applicant, data, auts)));
    return this.#challenge(applicant, fresh, { isResynchronised: true });
  }

  #readAuts(applicant: Applicant, data: AuthenticationData, auts: string): Uint8Array {
    try {
      return parseAuts(auts);
    } catch (error) {
      if (!(error instanceof AutsMalformed)) throw error;
      return this.#refuseBroken(applicant, data);
    }
  }

  /** One header field an algorithm, with a new nonce; the old one is worth nothing any more (6.1.2.3, N.2.2.3). */
  #challenge(
    { impi, impu, callId, scheme }: Applicant,
    data: AuthenticationData,
    { stale = false, isResynchronised = false } = {},
  ): AuthenticationVerdict {
    this.challenges.open({ impi, impu, callId, scheme, data, isResynchronised });
    return { kind: 'challenge', headers: this.#servers.challenge(data, { bound: impi, stale }) };
  }

  /** 6.1.2, N.2.2.1; `isAnswer` says whether the challenge that is open was answered, which ends it. */
  #fail({ impi, impu }: Applicant, data: AuthenticationData, isAnswer = true): never {
    if (isAnswer) this.challenges.close(impi);
    this.#tellFailure(impi, impu, data);
    throw new RequestRefused('AUTHENTICATION_FAILED');
  }

  #refuseBroken({ impi, impu }: Applicant, data: AuthenticationData): never {
    this.#tellFailure(impi, impu, data);
    throw new RequestRefused('CREDENTIALS_UNFIT');
  }

  /** While a challenge is open, its answer is still to come. */
  #tellFailure(impi: string, impu: string, data: AuthenticationData): void {
    if (!isKnown(data) || this.challenges.isOpen({ impi, impu })) return;
    this.#options.onUnauthenticated({ impi, impu }, 'AUTHENTICATION_FAILURE');
  }

  /** Whether the HSS has been asked already for what checks this answer. */
  #isOpenFor({ impi, impu, scheme }: Applicant): boolean {
    const known = this.challenges.find(impi);
    return known?.state === 'open' && known.impu === impu && known.scheme === scheme;
  }

  #openData(impi: string): AuthenticationData {
    const known = this.challenges.find(impi);
    if (known === undefined) throw new TypeError('expected an open challenge');
    return known.data;
  }

  /** No vector is sent twice (6.1.1). */
  async #renew(applicant: Applicant, data: AuthenticationData): Promise<AuthenticationData> {
    return data.scheme === 'SIP Digest' ? data : this.#ask(applicant);
  }

  /** A password that the HSS gives is as good as one that it pushes (N.2.5). */
  async #ask(applicant: Applicant, resynchronisation?: Uint8Array): Promise<AuthenticationData> {
    const { impi, impu, scheme, request } = applicant;
    const data = await askForData({ impi, impu, scheme, resynchronisation }, this.#options);
    // P.4.2: AKA is asked for by what the P-CSCF states; beside another statement it is none of its schemes.
    const isMisplaced = data.scheme === 'IMS AKA' && scheme !== 'IMS AKA';
    if (isMisplaced && findIntegrityProtection(request) !== undefined) {
      throw new RequestRefused('NO_AUTHENTICATION_SCHEME');
    }
    if (data.scheme === 'SIP Digest' && data.item !== undefined) this.#receiveKnown(impi, data.item);
    return data;
  }

  #receiveKnown(impi: string, item: DigestAuthDataItem): void {
    if (this.passwords.find(impi).length > 0) this.passwords.receive(impi, item);
  }
}

/** O.4.3: the P-CSCF knows the user by the TLS session. Without an answer nothing else gets in. */
const recognised: Accepted = {
  kind: 'accepted',
  scheme: 'SIP Digest',
  authenticationInfo: undefined,
  isTlsProtected: true,
  password: undefined,
};

const protectedByTls: ReadonlySet<string> = new Set(['tls-pending', 'tls-yes', 'tls-connected']);

/** What cannot be an answer to any challenge; everything else that is none gets another challenge. */
const broken: ReadonlySet<string> = new Set(['malformed', 'several credentials', 'another uri']);
