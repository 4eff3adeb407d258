/**
 * The part of the user profile that an S-CSCF downloads (TS 29.228 Annex B and 6.6).
 *
 * @module
 */

/** A public user identity with its barring indication (TS 29.228 B.2.1). */
export interface PublicIdentity {
  /** Canonical `sip:`, `sips:` or `tel:` URI. */
  readonly impu: string;
  /** A barred identity can only be used to register: no session may be started with it or reach it. */
  readonly barred: boolean;
}

/** What the S-CSCF serves: the private identity and one implicit registration set. */
export interface UserProfile {
  readonly impi: string;
  /** Identities that register and deregister together. The first that is not barred is the default one. */
  readonly implicitRegistrationSet: readonly PublicIdentity[];
}

/** Authorities a user may come from (TS 29.229 6.3.64). Domain names, compared octet for octet. */
export interface AllowedWafWwsfIdentities {
  readonly wafNames: readonly string[];
  readonly wwsfNames: readonly string[];
}

/** The default public user identity (TS 29.228 6.5), or undefined where all are barred. */
export function findDefaultImpu(profile: UserProfile): string | undefined {
  return profile.implicitRegistrationSet.find(({ barred }) => !barred)?.impu;
}
