/**
 * The events that the WWSF logs.
 *
 * @module
 */

export type LogEvent =
  | 'wwsf.listening'
  | 'waf.reachable'
  | 'waf.unreachable'
  | 'waf.disagrees'
  | 'sign-in.started'
  | 'sign-in.refused'
  | 'session.started'
  | 'session.ended'
  | 'token.renewed'
  | 'guest.started'
  | 'pool.returning'
  | 'pool.returned'
  | 'pool.sweep-failed'
  | 'tokens.sweep-failed'
  | 'accounts.unreadable'
  | 'revocation.failed'
  | 'state.cleanup-failed'
  | 'request.answered'
  | 'request.refused'
  | 'request.failed';
