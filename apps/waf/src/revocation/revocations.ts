/**
 * What ends tokens before their time: all tokens of a grant by its `sid`, one token by its `jti` (TS 33.203 X.3.1 REQ 2.2).
 *
 * What is written here reaches every eP-CSCF (revocation-delivery.ts), also where the command line writes it beside a
 * running WAF.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { Database, RevocationKind } from '../store/database.ts';

/** No access token is valid for longer (WAF_TOKEN_LIFETIME_SECONDS). */
export const tokenLifetimeLimitSeconds = 3_600;
/** For clocks that differ. */
const toleranceSeconds = 60;
/** SQLite bounds the parameters of a statement. */
const rowsAtOnce = 1_000;

/** A new `sid`: 21 random octets. */
export function createSid(): string {
  return randomBytes(21).toString('base64url');
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}

/** Revokes `values`. `expiresAt`: Unix seconds until which such tokens could be valid. */
export async function revoke(
  database: Database,
  kind: RevocationKind,
  values: readonly string[],
  expiresAt = nowSeconds() + tokenLifetimeLimitSeconds,
): Promise<void> {
  // Registrations outlive their token: the eP-CSCF has to hear of it even where the token itself has expired.
  const expires_at = Math.max(expiresAt, nowSeconds()) + toleranceSeconds;
  for (let start = 0; start < values.length; start += rowsAtOnce) {
    const rows = values.slice(start, start + rowsAtOnce).map((value) => ({ kind, value, expires_at }));
    await database.insertInto('revocation').values(rows).execute();
  }
}

/** Ends every session, grant and token of an account; also what one client has of it, if `clientId` is given. */
export async function endTokensOfAccount(database: Database, accountId: string, clientId?: string): Promise<void> {
  let removal = database.deleteFrom('artefact').where('account_id', '=', accountId);
  if (clientId !== undefined) {
    removal = removal.where((where) =>
      where(where.fn('json_extract', ['payload', where.val('$.clientId')]), '=', clientId),
    );
  }
  const removed = await removal.returning(['model', 'id_hash']).execute();
  const sids = removed.filter(({ model }) => model === 'Grant').map(({ id_hash }) => id_hash);
  await revoke(database, 'sid', sids);
}

/** Ends what clients have by a subscriber's standing grant. The grants stay, under another `sid`. */
export async function renewClientGrants(database: Database, accountId: string): Promise<void> {
  const grants = await database
    .selectFrom('client_grant')
    .select(['client_id', 'sid'])
    .where('account_id', '=', accountId)
    .execute();
  for (const { client_id } of grants) {
    await database
      .updateTable('client_grant')
      .set({ sid: createSid() })
      .where('account_id', '=', accountId)
      .where('client_id', '=', client_id)
      .execute();
  }
  await revoke(
    database,
    'sid',
    grants.map(({ sid }) => sid),
  );
}
