/**
 * TURN credentials and their revocation, as they are configured.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';
import type { Config } from '../config.ts';
import type { Metrics } from '../metrics.ts';
import { createPostTurnRevocation } from './post-turn-revocation.ts';
import { TurnAccess, type TurnAccessOptions } from './turn-access.ts';
import { TurnCredentials } from './turn-credentials.ts';
import { findLifetime } from './turn-policy.ts';
import { TurnRevocations } from './turn-revocations.ts';

export interface TurnSurroundings extends Omit<TurnAccessOptions, 'credentials' | 'revocations'> {
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'countTurnCredential' | 'countTurnRevocation'>;
  /** PEM of the authorities of TURN servers. */
  readonly ca: Buffer | undefined;
}

export interface Turn {
  readonly credentials: TurnCredentials;
  readonly revocations: TurnRevocations;
  readonly access: TurnAccess;
}

/** Users that are remembered, for each connection there may be. */
const usersPerConnection = 2;
const leastUsers = 100_000;

export function createTurn(config: Config, { clock, metrics, ca, ...around }: TurnSurroundings): Turn {
  const revocations = new TurnRevocations({
    ...createPostTurnRevocation(config.EP_CSCF_TURN_OPERATOR_TOKEN ?? '', ca),
    endpoints: config.EP_CSCF_TURN_REVOCATION_ENDPOINTS,
    clock,
    log: around.log,
    count: metrics.countTurnRevocation,
  });
  const credentials = new TurnCredentials({
    secret: config.EP_CSCF_TURN_SECRET,
    hash: config.EP_CSCF_TURN_HASH,
    lifetimeOf: (impi) => findLifetime(config.EP_CSCF_TURN_POLICY, impi, config.EP_CSCF_TURN_LIFETIME_SECONDS),
    maxUsers: Math.max(leastUsers, usersPerConnection * config.EP_CSCF_CONNECTIONS),
    onIssue: (kind, impi) => {
      metrics.countTurnCredential(kind);
      around.log.debug({ event: 'turn-credential.issued', kind, impi: around.hashIdentity(impi) });
    },
    onExcess: (given) => revocations.revoke(given),
  });
  return { credentials, revocations, access: new TurnAccess({ ...around, credentials, revocations }) };
}
