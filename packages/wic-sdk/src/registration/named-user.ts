/**
 * Digest credentials that name the user and answer nothing (TS 24.229 5.1.1.2).
 *
 * @module
 */
import { formatDigestCredentials } from '@wicgate/sip';

export interface NamedUser {
  readonly impi: string;
  readonly realm: string;
  readonly uri: string;
  /** Undefined leaves it to the network. */
  readonly algorithm: string | undefined;
  /** '' asks for a challenge; that of a challenge says that it could not be answered. */
  readonly nonce: string;
}

/** A value for Authorization. */
export function nameUser({ impi, realm, uri, algorithm, nonce }: NamedUser): string {
  return formatDigestCredentials({
    username: impi,
    userhash: false,
    realm,
    uri,
    nonce,
    response: '',
    algorithm,
    cnonce: undefined,
    opaque: undefined,
    qop: undefined,
    nonceCount: undefined,
    params: new Map(),
  });
}
