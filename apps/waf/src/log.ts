/**
 * What the WAF writes to its log.
 *
 * @module
 */
import type { Logger } from '@wicgate/node-kit';

export type WafEvent =
  | 'waf.listening'
  | 'waf.stopped'
  | 'waf.fault'
  | 'login.succeeded'
  | 'login.failed'
  | 'login.limited'
  | 'login.barred'
  | 'login.busy'
  | 'consent.given'
  | 'consent.denied'
  | 'form.refused'
  | 'request.refused'
  | 'token.issued'
  | 'turn-token.issued'
  | 'secret.reused'
  | 'token.revoked'
  | 'token.limited'
  | 'account.barred'
  | 'grant.given'
  | 'grant.removed'
  | 'grant.revoked'
  | 'revocation.delivered'
  | 'revocation.failed'
  | 'revocation.dropped'
  | 'session.ended';

export type WafLogger = Logger<WafEvent>;
