/**
 * Who a REGISTER is from, and what the HSS hears where nobody proved it (TS 33.203 6.1.1, 6.1.2, N.2.2, U.2 step 7).
 *
 * @module
 */
import type { DigestAuthDataItem } from '@wicgate/cx';
import {
  type Accepted,
  Authentication,
  type AuthenticationOptions,
  type AuthenticationVerdict,
} from '../authentication/authentication.ts';
import type { StoredPasswords } from '../authentication/stored-passwords.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { Binding, Registrations } from './registrations.ts';
import type { ServerAssignment } from './server-assignment.ts';
import type { Wanted } from './wanted.ts';

export interface UserAuthenticationOptions extends Omit<AuthenticationOptions, 'onUnauthenticated' | 'isRegistered'> {
  readonly registrations: Registrations;
  readonly assignment: ServerAssignment;
  /** By private identity. */
  readonly queue: KeyedQueue;
}

export class UserAuthentication {
  readonly #options: UserAuthenticationOptions;
  readonly #authentication: Authentication;

  constructor(options: UserAuthenticationOptions) {
    this.#options = options;
    this.#authentication = new Authentication({
      ...options,
      isRegistered: (impi) => options.registrations.ofImpi(impi).length > 0,
      onUnauthenticated: (user, type) => this.#end(user, type),
    });
  }

  /** Of registered users. */
  get passwords(): StoredPasswords {
    return this.#authentication.passwords;
  }

  /** @throws {RequestRefused} 400, 403 or 500. @throws {HeaderMalformed} @throws {CxError} */
  async authenticate(wanted: Wanted): Promise<AuthenticationVerdict> {
    if (wanted.procedure === 'vouch') return vouchedFor;
    const bindings = this.#options.registrations.find(wanted.impi, wanted.impu)?.bindings.values() ?? [];
    return this.#authentication.authenticate({ ...wanted, isTlsProtected: isKnownByTls([...bindings]) });
  }

  /** What the REGISTER wanted is carried out. */
  settle({ impi, granted, procedure }: Wanted, accepted: Accepted): void {
    const isQuestion = granted !== 'all' && granted.length === 0;
    if (procedure === 'challenge' && !isQuestion) this.#authentication.settle(impi, accepted);
  }

  /** One registration of this private identity is over. */
  forget(impi: string): void {
    if (this.#options.registrations.ofImpi(impi).length === 0) this.#authentication.forget(impi);
  }

  /** The HSS ends what was, and may have taken away what a challenge was made from: its answer counts for nothing. */
  withdraw(impi: string): void {
    this.#authentication.challenges.close(impi);
  }

  /** N.2.5: the HSS pushed it. */
  receivePassword(impi: string, item: DigestAuthDataItem): void {
    this.#authentication.receivePassword(impi, item);
  }

  /** The next REGISTER of `impi` with an answer is challenged: no nonce of before serves any more (6.1.4, N.2.4). */
  forgetNonce(impi: string): void {
    const challenge = this.#authentication.challenges.find(impi);
    if (challenge?.state === 'settled') this.#authentication.challenges.close(impi);
  }

  /** A failed authentication never takes a registration away (6.1.1, N.2.2.1, N.2.2.3). */
  #end(
    user: { readonly impi: string; readonly impu: string },
    type: 'AUTHENTICATION_FAILURE' | 'AUTHENTICATION_TIMEOUT',
  ): void {
    const { registrations, assignment, queue } = this.#options;
    // Behind what is under way, and not waited for: a refusal takes no longer for those who exist.
    queue
      .run(user.impi, async () => {
        const { impi, impu } = user;
        if (registrations.find(impi, impu) !== undefined || this.#authentication.challenges.isOpen(user)) return;
        await assignment.end(impi, impu, type);
      })
      .catch((cause: unknown) => assignment.logNotTold(cause));
  }
}

/** A trusted node knows who the user is. */
const vouchedFor: Accepted = {
  kind: 'accepted',
  scheme: 'Trusted Node Authentication',
  authenticationInfo: undefined,
  isTlsProtected: false,
  password: undefined,
};

/** Registered by SIP Digest in the state "tls-protected" (O.2.3), unless a new proof is wanted (6.1.4, N.2.4). */
function isKnownByTls(bindings: readonly Binding[]): boolean {
  const isProtected = bindings.some((each) => each.isTlsProtected && each.scheme === 'SIP Digest');
  return isProtected && !bindings.some((each) => each.isReauthenticationDue);
}
