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
  | 'login.busy'
  | 'consent.given'
  | 'consent.denied'
  | 'form.refused'
  | 'request.refused'
  | 'token.issued'
  | 'secret.reused'
  | 'grant.revoked'
  | 'session.ended';

export type WafLogger = Logger<WafEvent>;
