/**
 * What a person has granted to a client. The operator's own WWSF is granted all it may ask for, without a question.
 *
 * A grant belongs to one session: signing out in one browser revokes nothing in another.
 *
 * @module
 */
import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import { grantsClientId } from './client-metadata.ts';
import { imsAccessScope, openidScopes } from './ims-access.ts';

/** The grant of this session to this client, or undefined where the person has to be asked. */
export async function loadGrant(
  ctx: KoaContextWithOIDC,
  ownClientIds: ReadonlySet<string>,
  audience: string,
): Promise<Grant | undefined> {
  const { client, session, account, result, provider } = ctx.oidc;
  if (client === undefined || session === undefined || account === undefined) return undefined;

  const grantId = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  if (existing?.accountId === account.accountId && existing.clientId === client.clientId) return existing;
  if (!ownClientIds.has(client.clientId) && client.clientId !== grantsClientId) return undefined;

  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  if (client.clientId === grantsClientId) {
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  }
  // oidc-provider counts every scope that it knows among these, those of resources too.
  grant.addOIDCScope([...openidScopes, imsAccessScope]);
  grant.addResourceScope(audience, imsAccessScope);
  await grant.save();
  return grant;
}

export interface MissingConsent {
  readonly missingOIDCScope?: readonly string[] | undefined;
  readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** Adds what was missing and the person has allowed; returns the identifier of the grant. */
export async function saveConsent(grant: Grant, missing: MissingConsent): Promise<string> {
  if (missing.missingOIDCScope !== undefined) grant.addOIDCScope([...missing.missingOIDCScope]);
  for (const [resource, scopes] of Object.entries(missing.missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, [...scopes]);
  }
  return grant.save();
}
