/**
 * What the procedures of registration work with.
 *
 * @module
 */
import type { SipRequest, SipResponse } from '@wicgate/sip';
import type { EpCscfLogger } from '../log-event.ts';
import type { OwnRoutes } from '../mw/own-routes.ts';
import type { TurnCredentials } from '../turn/turn-credentials.ts';
import type { Grant } from './access-token.ts';
import type { RegisteredFlows } from './registered-flows.ts';

export interface RegistrationContext {
  readonly log: EpCscfLogger;
  /** What the log shows of a private identity. */
  readonly hashIdentity: (impi: string) => string;
  readonly homeDomain: string;
  readonly waf: WafPort;
  readonly core: CorePort;
  readonly flows: RegisteredFlows;
  readonly routes: OwnRoutes;
  readonly turn: TurnCredentials;
  /** Products in User-Agent that would take a Bearer challenge after those of Digest for the only one. */
  readonly oneChallengeUserAgents: readonly string[];
}

export interface WafPort {
  /** @throws {AccessTokenInvalid} @throws {ScopeInsufficient} @throws {WafUnreachable} */
  readonly validate: (token: string) => Promise<Grant>;
  /** Identity of the WAF where it is in a domain other than the operator's; undefined: it is the operator's own. */
  readonly thirdParty: string | undefined;
}

export interface CorePort {
  /** The final response of the core, without our Via. @throws {CoreUnreachable} */
  readonly register: (request: SipRequest) => Promise<SipResponse>;
}
