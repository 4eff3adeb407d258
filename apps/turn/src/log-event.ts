/**
 * The events that the TURN server logs.
 *
 * @module
 */

export type TurnLogEvent =
  | 'turn.listening'
  | 'turn.allocation.created'
  | 'turn.allocation.ended'
  | 'turn.credential.revoked'
  | 'turn.drain.begun'
  | 'turn.drain.ended'
  | 'turn.request.refused'
  | 'turn.stream.refused'
  | 'turn.listener.failed'
  | 'turn.relay.failed'
  | 'turn.certificate.renewed'
  | 'turn.certificate.unreadable'
  | 'turn.engine.answers_again'
  | 'turn.engine.ended'
  | 'turn.engine.restarted'
  | 'turn.engine.said'
  | 'turn.engine.setting_ignored'
  | 'turn.engine.silent'
  | 'turn.engine.failed';
