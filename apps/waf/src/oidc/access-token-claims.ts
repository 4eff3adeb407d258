/**
 * What an access token says besides its standard claims: the identities it lets a WIC register, and by what it can be
 * revoked (TS 33.203 X.3.2.3 step 4, X.3.1 REQ 2.4).
 *
 * @module
 */
import { type Configuration, errors } from 'oidc-provider';
import type { Accounts } from '../accounts/accounts.ts';
import type { ClientGrants } from '../grants/client-grants.ts';
import type { Pools } from '../pools.ts';
import { sidOf } from '../store/artefact-adapter.ts';

export interface AccessTokenClaims {
  readonly impi: string;
  readonly impu: readonly string[];
  readonly sid: string;
}

/** Claims of tokens by client credentials, which that grant has decided on already. */
export type DecidedClaims = WeakMap<object, AccessTokenClaims>;

export interface ClaimsParts {
  readonly accounts: Accounts;
  readonly grants: ClientGrants;
  readonly pools: Pools;
  readonly decided: DecidedClaims;
}

export function createExtraTokenClaims(parts: ClaimsParts): NonNullable<Configuration['extraTokenClaims']> {
  const { accounts, grants, pools, decided } = parts;
  return async (_ctx, token) => {
    const claims = decided.get(token);
    if (claims !== undefined) return { ...claims };
    if (token.kind !== 'AccessToken') throw new errors.InvalidGrant('expected an access token of an account');

    const account = await accounts.findById(token.accountId);
    if (account === undefined || account.isBarred) throw new errors.InvalidGrant('account not found');
    const { impi, impus } = account;
    if ([impi, ...impus].some((identity) => pools.isPooled(identity))) {
      throw new errors.AccessDenied('expected client credentials for an identity of a pool (TS 33.203 X.4.2.3)');
    }
    await grants.used(account.id, String(token.clientId));
    // The grant of this sign-in is what a later revocation names; it stays the same through all refreshes.
    return { impi, impu: impus, sid: sidOf(token.grantId) };
  };
}
