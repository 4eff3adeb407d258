/**
 * What the procedures of registration work with.
 *
 * @module
 */
import type { SipRequest, SipResponse } from '@wicgate/sip';
import type { Grant, TokenName } from '../authorization/access-token.ts';
import type { IdentityPools } from '../authorization/identity-pools.ts';
import type { EpCscfLogger } from '../log-event.ts';
import type { OwnRoutes } from '../mw/own-routes.ts';
import type { TurnCredentials } from '../turn/turn-credentials.ts';
import type { FailedAuthentications } from './failed-authentications.ts';
import type { RegisteredFlow, RegisteredFlows } from './registered-flows.ts';

export interface RegistrationContext {
  readonly log: EpCscfLogger;
  /** What the log shows of a private identity. */
  readonly hashIdentity: (impi: string) => string;
  readonly homeDomain: string;
  readonly waf: WafPort;
  /** Private identities that only a token of their WWSF is good for (TS 33.203 X.4.1 REQ 3.2). */
  readonly pools: Pick<IdentityPools, 'has'>;
  readonly core: CorePort;
  readonly flows: RegisteredFlows;
  readonly routes: OwnRoutes;
  /** Deregisters a flow on the network's behalf. Never rejects. */
  readonly deregisterFlow: (flow: RegisteredFlow) => Promise<void>;
  readonly turn: TurnCredentials;
  readonly failedAuthentications: FailedAuthentications;
  /** Products in User-Agent that would take a Bearer challenge after those of Digest for the only one. */
  readonly oneChallengeUserAgents: readonly string[];
}

export interface WafPort {
  /** @throws {AccessTokenInvalid} @throws {ScopeInsufficient} @throws {IdentityOutsidePool} @throws {WafUnreachable} */
  readonly validate: (token: string) => Promise<Grant>;
  readonly isRevoked: (token: TokenName) => boolean;
}

export interface CorePort {
  /** The final response of the core, without our Via. @throws {CoreUnreachable} */
  readonly register: (request: SipRequest) => Promise<SipResponse>;
  /** The same for a REGISTER of our own. @throws {CoreUnreachable} */
  readonly deregister: (request: SipRequest) => Promise<SipResponse>;
}
