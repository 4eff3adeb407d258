/**
 * What the procedures of registration work with, as it is configured.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';
import type { Authorization } from '../authorization/create-authorization.ts';
import type { Config } from '../config.ts';
import { deregisterFlow } from './deregister-flow.ts';
import { FailedAuthentications } from './failed-authentications.ts';
import type { RegistrationContext } from './registration-context.ts';

export interface RegistrationSurroundings
  extends Pick<RegistrationContext, 'log' | 'hashIdentity' | 'core' | 'routes' | 'flows' | 'turn'> {
  readonly clock: Clock;
  readonly authorization: Authorization;
}

export function createRegistrationContext(
  config: Config,
  { clock, authorization, ...around }: RegistrationSurroundings,
): RegistrationContext {
  const homeDomain = config.EP_CSCF_HOME_DOMAIN;
  return {
    ...around,
    homeDomain,
    waf: authorization.wafs,
    pools: authorization.pools,
    oneChallengeUserAgents: config.EP_CSCF_ONE_CHALLENGE_USER_AGENTS,
    failedAuthentications: new FailedAuthentications({ clock, allowed: config.EP_CSCF_FAILED_AUTHENTICATIONS }),
    deregisterFlow: (flow) => deregisterFlow(flow, { ...around, clock, homeDomain }),
  };
}
