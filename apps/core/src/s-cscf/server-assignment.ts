/**
 * What the S-CSCF tells the HSS of registrations, and what it gets for it (TS 29.228 6.1.2, TS 33.203 X.3.2.3 step 6).
 *
 * @module
 */
import {
  type AllowedWafWwsfIdentities,
  type CxHss,
  isSuccess,
  type ServerAssignmentAnswer,
  type ServerAssignmentType,
  type UserProfile,
} from '@wicgate/cx';
import { type RefusalReason, RequestRefused } from '../errors.ts';
import type { CoreLogger } from '../log-event.ts';
import type { BarredAuthorities } from './barring/barred-authorities.ts';
import { isForEmergency } from './check-continuity.ts';
import { isThirdParty, type ThirdParties } from './trusted-node-authentication.ts';
import type { Wanted } from './wanted.ts';

export interface ServerAssignmentOptions {
  readonly hss: CxHss;
  readonly log: CoreLogger;
  /** SIP URI of this S-CSCF. */
  readonly serverName: () => string;
  /** Third-party WAFs and WWSFs that vouch for nobody. */
  readonly barredAuthorities: Pick<BarredAuthorities, 'hasAny'>;
}

export class ServerAssignment {
  readonly #options: ServerAssignmentOptions;

  constructor(options: ServerAssignmentOptions) {
    this.#options = options;
  }

  /**
   * Step 6.1: the user is registered here. The profile; undefined where the HSS relies on the one that we have, which
   * it may only where `isKnown`.
   *
   * @throws {RequestRefused} 403 or 500. @throws {CxError}
   */
  async register(wanted: Wanted, isKnown: boolean): Promise<UserProfile | undefined> {
    const { impi, impu, thirdParties } = wanted;
    if (this.#options.barredAuthorities.hasAny(thirdParties)) throw new RequestRefused('THIRD_PARTY_BARRED');
    const answer = await this.#ask(impi, [impu], {
      serverAssignmentType: isKnown ? 'RE_REGISTRATION' : 'REGISTRATION',
      // The list of third parties comes with the profile; a third party is checked each time.
      userDataAlreadyAvailable: isKnown && !isThirdParty(thirdParties),
    });
    if (!isAssigned(answer)) throw refusalOf(answer);
    const reason = this.#reasonAgainst(wanted, answer);
    if (reason === undefined) return answer.userProfile;
    // A registration that stands is not harmed by one that is refused (6.1.1).
    if (!isKnown) await this.#withdraw(impi, impu);
    throw new RequestRefused(reason);
  }

  /** The I-CSCF has asked for bars, but the operator may have set one since (TS 29.228 6.1.1.1 step 5). */
  #reasonAgainst(wanted: Wanted, { userProfile, allowedWafWwsfIdentities }: Assigned): RefusalReason | undefined {
    if (!this.areAllowed(wanted.thirdParties, allowedWafWwsfIdentities)) return 'THIRD_PARTY_NOT_ALLOWED';
    const isBarred = userProfile?.implicitRegistrationSet.every(({ barred }) => barred) ?? false;
    return isBarred && !isForEmergency(wanted) ? 'REGISTRATION_BARRED' : undefined;
  }

  /** The set that `impu` belongs to is registered no more. @throws {CxError} */
  end(impi: string, impu: string, serverAssignmentType: ServerAssignmentType): Promise<ServerAssignmentAnswer> {
    return this.#ask(impi, [impu], { serverAssignmentType, userDataAlreadyAvailable: true });
  }

  /** Step 6.2: each one named must be on the list of the subscription, and not barred. Compared octet for octet. */
  areAllowed(thirdParties: ThirdParties, allowed: AllowedWafWwsfIdentities | undefined): boolean {
    const { authorizationEntity, wwsf } = thirdParties;
    const isListed = (name: string | undefined, list: readonly string[] | undefined): boolean =>
      name === undefined || list?.includes(name) === true;
    if (this.#options.barredAuthorities.hasAny(thirdParties)) return false;
    return isListed(authorizationEntity, allowed?.wafNames) && isListed(wwsf, allowed?.wwsfNames);
  }

  /** For those whom no answer can tell any more. */
  logNotTold(cause: unknown): void {
    const effect = 'the HSS still counts the user as registered until the next REGISTER';
    this.#options.log.error({ event: 'hss.not-told', cause, effect, action: 'check that the HSS answers' });
  }

  /** The HSS counted the user as registered before the third parties could be checked. */
  async #withdraw(impi: string, impu: string): Promise<void> {
    try {
      await this.end(impi, impu, 'ADMINISTRATIVE_DEREGISTRATION');
    } catch (cause) {
      this.logNotTold(cause);
    }
  }

  #ask(
    impi: string,
    impus: readonly string[],
    what: { readonly serverAssignmentType: ServerAssignmentType; readonly userDataAlreadyAvailable: boolean },
  ): Promise<ServerAssignmentAnswer> {
    return this.#options.hss.serverAssignment({ impi, impus, serverName: this.#options.serverName(), ...what });
  }
}

type Assigned = Extract<ServerAssignmentAnswer, { readonly userProfile: unknown }>;

function isAssigned(answer: ServerAssignmentAnswer): answer is Assigned {
  return isSuccess(answer) && 'userProfile' in answer;
}

/** Of Experimental-Results that say something of the user. */
export const experimentalReasons: ReadonlyMap<string, RefusalReason> = new Map([
  ['DIAMETER_ERROR_USER_UNKNOWN', 'REGISTRATION_USER_UNKNOWN'],
  ['DIAMETER_ERROR_IDENTITIES_DONT_MATCH', 'REGISTRATION_IDENTITIES_DONT_MATCH'],
]);

function refusalOf({ kind, name }: ServerAssignmentAnswer): RequestRefused {
  // A Result-Code says that the HSS could not; an Experimental-Result that the user may not.
  if (kind === 'result') return new RequestRefused('HSS_FAILED');
  return new RequestRefused(experimentalReasons.get(name) ?? 'REGISTRATION_REFUSED_BY_HSS');
}
