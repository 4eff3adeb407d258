/**
 * The events that the TURN server logs.
 *
 * @module
 */

export type TurnLogEvent =
  | 'turn.listening'
  | 'turn.allocation.created'
  | 'turn.allocation.ended'
  | 'turn.request.refused'
  | 'turn.stream.refused'
  | 'turn.listener.failed'
  | 'turn.engine.failed';
