/**
 * The events that the eP-CSCF logs.
 *
 * @module
 */
import type { Logger } from '@wicgate/node-kit';

export type EpCscfEvent =
  | 'ep-cscf.listening'
  | 'ep-cscf.draining'
  | 'upgrade.refused'
  | 'message.malformed'
  | 'procedure.step'
  | 'register.refused'
  | 'register.answered'
  | 'flow.bound'
  | 'flow.ended'
  | 'flow.replaced'
  | 'request.refused'
  | 'request.forwarded'
  | 'request.failed'
  | 'waf.unreachable'
  | 'core.unreachable';

export type EpCscfLogger = Logger<EpCscfEvent>;
