/**
 * The WAFs, pools and revocations that the configuration describes.
 *
 * @module
 */
import { ConfigInvalid } from '@wicgate/node-kit';
import type { Config } from '../config.ts';
import type { EpCscfLogger } from '../log-event.ts';
import { type IdentityPool, IdentityPools } from './identity-pools.ts';
import { type PartnerWaf, readPartnerWafs } from './partner-wafs-file.ts';
import { RevocationFile } from './revocation-file.ts';
import { type RevocationEntry, RevocationList } from './revocation-list.ts';
import { type TrustedWaf, TrustedWafs } from './trusted-wafs.ts';
import { createWafTokens } from './waf-tokens.ts';

export interface Authorization {
  readonly wafs: TrustedWafs;
  readonly pools: IdentityPools;
  readonly revocations: RevocationList;
}

const unsaved = {
  effect: 'a restart within the lifetime of a token revives it',
  action: 'look whether the folder EP_CSCF_STATE_DIR can be written',
};

const damaged = {
  effect: 'tokens that these lines revoked may be used until they expire',
  action: 'have the WAFs revoke again, and look at the disk of EP_CSCF_STATE_DIR',
};

/** @param wafCa PEM of the authority of the operator's own WAF. @throws {ConfigInvalid} */
export function createAuthorization(config: Config, wafCa: Buffer | undefined, log: EpCscfLogger): Authorization {
  const file = config.EP_CSCF_PARTNER_WAFS_FILE;
  const partners = file === undefined ? [] : readPartnerWafs(file);
  checkOwn(config, partners);
  const pools = createPools(config, partners);
  const issuers = [config.EP_CSCF_WAF_ISSUER, ...partners.map(({ issuer }) => issuer)];
  const revocations = openRevocations(config, issuers, log);
  const wafs = [createOwn(config, wafCa), ...partners.map((partner) => createPartner(config, partner))];
  return { wafs: new TrustedWafs({ wafs, scope: config.EP_CSCF_SCOPE, pools, revocations }), pools, revocations };
}

/** Whose word it is must never be in doubt (TS 33.203 X.3.1 REQ 2.3). */
function checkOwn(config: Config, partners: readonly PartnerWaf[]): void {
  const fault = (what: string): ConfigInvalid =>
    new ConfigInvalid(`EP_CSCF_PARTNER_WAFS_FILE: expected no ${what} of the operator's own WAF`);
  if (partners.some(({ issuer }) => issuer === config.EP_CSCF_WAF_ISSUER)) throw fault('issuer');
  if (partners.some(({ identity }) => identity.toLowerCase() === config.EP_CSCF_WAF_IDENTITY)) throw fault('identity');
}

function createPools(config: Config, partners: readonly PartnerWaf[]): IdentityPools {
  const own = config.EP_CSCF_POOLS.map((pool): IdentityPool => ({ issuer: config.EP_CSCF_WAF_ISSUER, ...pool }));
  const theirs = partners.flatMap(({ issuer, wwsfs }) =>
    wwsfs.flatMap(({ clientId, pool }): IdentityPool[] =>
      pool === undefined ? [] : [{ issuer, clientId, pattern: pool }],
    ),
  );
  try {
    return new IdentityPools([...own, ...theirs]);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const message = 'expected pools that share no private identity';
    throw new ConfigInvalid(`EP_CSCF_POOLS, EP_CSCF_PARTNER_WAFS_FILE: ${message}`, { cause });
  }
}

function createOwn(config: Config, ca: Buffer | undefined): TrustedWaf {
  const { EP_CSCF_WAF_ISSUER: issuer, EP_CSCF_WAF_IDENTITY: identity, EP_CSCF_WAF_AUDIENCE: audience } = config;
  const isThirdParty = isOutside(identity, config);
  return { issuer, identity, isThirdParty, tokens: createWafTokens({ issuer, audience, ca }), wwsfs: undefined };
}

function createPartner(config: Config, { issuer, identity, ca, audience, wwsfs }: PartnerWaf): TrustedWaf {
  return {
    issuer,
    identity,
    isThirdParty: isOutside(identity, config),
    tokens: createWafTokens({ issuer, audience: audience ?? config.EP_CSCF_WAF_AUDIENCE, ca }),
    wwsfs: new Map(wwsfs.map((wwsf) => [wwsf.clientId, wwsf])),
  };
}

function isOutside(identity: string, { EP_CSCF_HOME_DOMAIN: homeDomain }: Config): boolean {
  return !`.${identity.toLowerCase()}`.endsWith(`.${homeDomain}`);
}

function openRevocations(config: Config, issuers: readonly string[], log: EpCscfLogger): RevocationList {
  const file = new RevocationFile(config.EP_CSCF_STATE_DIR);
  /** In memory it counts in any case. */
  const attempt = (save: () => void): void => {
    try {
      save();
    } catch (cause) {
      log.error({ event: 'revocations.unsaved', cause, ...unsaved });
    }
  };
  const list: RevocationList = new RevocationList({
    issuers,
    limit: config.EP_CSCF_REVOCATIONS,
    now: () => Date.now() / 1_000,
    save: (entry: RevocationEntry) => attempt(() => file.append(entry, () => list.entries())),
  });
  const { entries, damagedLines } = file.read();
  if (damagedLines > 0) log.error({ event: 'revocations.damaged', damagedLines, ...damaged });
  list.restore(entries);
  attempt(() => file.write(list.entries()));
  return list;
}
