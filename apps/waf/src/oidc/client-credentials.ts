/**
 * Tokens by client credentials: the WWSF names the IMS account, and the WAF checks that this WWSF may use it
 * (TS 33.203 X.3.2.3 step 0.1, X.4.2.3 step 0.1).
 *
 * The WWSF has authenticated the user itself, or lends an identity of its own pool to whom it likes.
 *
 * @module
 */
import {
  errors,
  type KoaContextWithOIDC,
  type Provider,
  type ResourceServer,
  type TokenEndpointGrantContext,
} from 'oidc-provider';
import type { ClientGrants } from '../grants/client-grants.ts';
import type { PoolIdentities } from '../grants/pool-identities.ts';
import type { Pools } from '../pools.ts';
import { grantTurnAccess, type TurnGrantParts, turnParameterNames, turnScope } from '../turn-access/turn-grant.ts';
import type { AccessTokenClaims, DecidedClaims } from './access-token-claims.ts';
import { imsAccessScope } from './ims-access.ts';

export interface ClientCredentialsParts {
  readonly grants: ClientGrants;
  readonly pools: Pools;
  readonly poolIdentities: PoolIdentities;
  readonly decided: DecidedClaims;
  readonly audience: string;
  readonly resourceServer: ResourceServer;
  /** @throws {errors.OIDCProviderError} the client asks too often. */
  readonly limit: (ctx: KoaContextWithOIDC) => void;
  /** Tokens for TURN servers, which name nobody. */
  readonly turn: TurnGrantParts;
}

interface Parameters {
  readonly [name: string]: unknown;
  readonly impi?: string | undefined;
  readonly impu?: string | string[] | undefined;
}

type GrantContext = TokenEndpointGrantContext<Parameters>;

interface Identities {
  readonly impi: string;
  readonly impus: readonly string[];
}

interface Decision {
  readonly accountId: string | undefined;
  readonly claims: AccessTokenClaims;
}

const impuLimit = 20;
const impiPattern = /^[^\s@]{1,190}@[^\s@]{1,64}$/;
const impuPattern = /^(?:sip:[^\s@]+@[^\s@]+|tel:\S+)$/;
const identityLimit = 255;

/** Takes the place of oidc-provider's own grant of this name, which knows no accounts. */
export function addClientCredentials(provider: Provider, parts: ClientCredentialsParts): void {
  provider.registerGrantType<Parameters>(
    'client_credentials',
    async (ctx) => {
      parts.limit(ctx);
      if (ctx.oidc.params.scope === turnScope) {
        ctx.body = grantTurnAccess(parts.turn, ctx.oidc.client.clientId, ctx.oidc.params);
        return;
      }
      checkScope(ctx.oidc.params.scope);
      checkResource(ctx.oidc.params.resource, parts.audience);
      const identities = readIdentities(ctx.oidc.params);
      const decision = await decide(parts, ctx.oidc.client.clientId, identities);
      await issue(provider, parts, ctx, decision);
    },
    ['impi', 'impu', 'scope', 'resource', ...turnParameterNames],
    ['impu'],
  );
}

/** No scope asks for the only one there is. */
function checkScope(scope: string | undefined): void {
  if (scope === undefined || scope.split(' ').every((value) => value === imsAccessScope)) return;
  throw new errors.InvalidScope(`expected the scope ${imsAccessScope}`, imsAccessScope);
}

function checkResource(resource: string | string[] | undefined, audience: string): void {
  if (resource === undefined || resource === audience) return;
  throw new errors.InvalidTarget(`expected the resource ${audience}`);
}

function readIdentities({ impi, impu }: Parameters): Identities {
  if (impi === undefined || !impiPattern.test(impi)) {
    throw new errors.InvalidRequest('expected the parameter impi, a private identity user@domain');
  }
  const impus = impu === undefined ? [] : [impu].flat();
  const isRight = impus.every((value) => value.length <= identityLimit && impuPattern.test(value));
  if (!isRight || impus.length === 0 || impus.length > impuLimit || new Set(impus).size !== impus.length) {
    throw new errors.InvalidRequest(`expected the parameter impu 1 to ${impuLimit} times, each a sip: or tel: URI`);
  }
  return { impi, impus };
}

/**
 * Whether this client may use the account: an identity of its own pool (REQ 3.2), or one whose subscriber has let it
 * (REQ 2.1). All else is refused in the same words: nobody learns whether an account exists.
 */
async function decide(
  { grants, pools, poolIdentities }: ClientCredentialsParts,
  clientId: string,
  { impi, impus }: Identities,
): Promise<Decision> {
  if (pools.isOwn(clientId, impi, impus)) {
    const sid = await poolIdentities.use(clientId, impi);
    return { accountId: undefined, claims: { impi, impu: impus, sid } };
  }
  const isPooled = [impi, ...impus].some((identity) => pools.isPooled(identity));
  const granted = await grants.find(clientId, impi, impus);
  if (granted === undefined || isPooled) {
    throw new errors.AccessDenied(
      'expected identities of an account whose subscriber lets this client register it, or one of the pool of this client',
    );
  }
  await grants.used(granted.accountId, clientId);
  return { accountId: granted.accountId, claims: { impi, impu: impus, sid: granted.sid } };
}

/** `sub` is the account's, or for a pool the client's own (RFC 9068 2.2). */
async function issue(
  provider: Provider,
  { decided, audience, resourceServer }: ClientCredentialsParts,
  ctx: GrantContext,
  { accountId, claims }: Decision,
): Promise<void> {
  const { client } = ctx.oidc;
  const about = {
    client,
    resourceServer: new provider.ResourceServer(audience, resourceServer),
    scope: imsAccessScope,
  };
  const token =
    accountId === undefined
      ? new provider.ClientCredentials(about)
      : new provider.AccessToken({ ...about, accountId, grantId: claims.sid, gty: 'client_credentials' });
  decided.set(token, claims);
  ctx.oidc.entity(token.kind, token);
  ctx.body = {
    access_token: await token.save(),
    expires_in: token.expiration,
    scope: imsAccessScope,
    token_type: 'Bearer',
  };
}
