/**
 * The WAFs whose word the eP-CSCF takes: the operator's own and those of partners, each with its domain, keys and rules
 * (TS 33.203 X.3.1 REQ 2.1 to 2.4, X.4.1 REQ 3.1 and 3.2).
 *
 * The issuer that a token names chooses the WAF, and the WAF's keys, audience and rules decide whether the token is its.
 * The identities of WAF and WWSF are ours: configuration maps issuer and `client_id` to them, octet for octet.
 *
 * @module
 */
import { AccessTokenInvalid, IdentityOutsidePool } from '../errors.ts';
import { type Grant, type ReadGrant, readGrant, type TokenName } from './access-token.ts';
import type { IdentityPools, PoolVerdict } from './identity-pools.ts';
import type { RevocationList } from './revocation-list.ts';
import { type Claims, readUnverifiedIssuer, type WafTokens } from './waf-tokens.ts';

/** A WWSF as a WAF knows it. */
export interface TrustedWwsf {
  readonly identity: string;
  /** Whether it may register the identities of its pool only. */
  readonly poolOnly: boolean;
}

export interface TrustedWaf {
  readonly issuer: string;
  readonly identity: string;
  /** Whether it is outside the operator's domain. */
  readonly isThirdParty: boolean;
  readonly tokens: WafTokens;
  /** By `client_id`; undefined: every client, by its `client_id`, as the operator's own WAF admits them. */
  readonly wwsfs: ReadonlyMap<string, TrustedWwsf> | undefined;
}

export interface TrustedWafsOptions {
  readonly wafs: readonly TrustedWaf[];
  readonly scope: string;
  readonly pools: IdentityPools;
  readonly revocations: Pick<RevocationList, 'isRevoked'>;
}

export class TrustedWafs {
  readonly #byIssuer: ReadonlyMap<string, TrustedWaf>;
  readonly #options: TrustedWafsOptions;

  constructor(options: TrustedWafsOptions) {
    this.#options = options;
    this.#byIssuer = new Map(options.wafs.map((waf) => [waf.issuer, waf]));
  }

  /**
   * What a token grants.
   *
   * @throws {AccessTokenInvalid} @throws {ScopeInsufficient} @throws {IdentityOutsidePool} @throws {WafUnreachable}
   */
  async validate(token: string): Promise<Grant> {
    const waf = this.#wafOf(token);
    const read = readGrant(await waf.tokens.verify(token), this.#options.scope);
    const name = { ...read.token, issuer: waf.issuer };
    if (this.isRevoked(name)) throw new AccessTokenInvalid('revoked');
    return { impi: read.impi, impus: read.impus, thirdParty: this.#confine(read, waf), token: name };
  }

  isRevoked(token: TokenName): boolean {
    return this.#options.revocations.isRevoked(token);
  }

  /** Who revokes, and what it says. @throws {AccessTokenInvalid} @throws {WafUnreachable} */
  async verifyRevocation(statement: string): Promise<{ readonly issuer: string; readonly claims: Claims }> {
    const { issuer, tokens } = this.#wafOf(statement);
    return { issuer, claims: await tokens.verifyRevocation(statement) };
  }

  /** Ends all calls to WAFs. */
  close(): void {
    for (const { tokens } of this.#options.wafs) tokens.close();
  }

  #wafOf(token: string): TrustedWaf {
    const waf = this.#byIssuer.get(readUnverifiedIssuer(token) ?? '');
    if (waf === undefined) throw new AccessTokenInvalid('issuer');
    return waf;
  }

  /**
   * Whom the core is told of. A WAF in the operator's domain is not named (X.3.2.3 step 5.2), nor is a third party that
   * assigned an identity of a pool which is its WWSF's alone (X.4.2.3 step 5.2).
   */
  #confine({ impi, clientId }: ReadGrant, waf: TrustedWaf): Grant['thirdParty'] {
    const wwsf = findWwsf(waf, clientId);
    if (wwsf === undefined) throw new AccessTokenInvalid('unknown client');
    const verdict: PoolVerdict = this.#options.pools.judge(impi, { issuer: waf.issuer, clientId });
    if (verdict === 'of another' || (wwsf.poolOnly && verdict !== 'own')) throw new IdentityOutsidePool();
    return waf.isThirdParty && verdict !== 'own' ? { waf: waf.identity, wwsf: wwsf.identity } : undefined;
  }
}

function findWwsf({ wwsfs }: TrustedWaf, clientId: string): TrustedWwsf | undefined {
  return wwsfs === undefined ? { identity: clientId, poolOnly: false } : wwsfs.get(clientId);
}
