/**
 * The events that the eP-CSCF logs.
 *
 * @module
 */
import type { Logger } from '@wicgate/node-kit';

export type EpCscfEvent =
  | 'ep-cscf.listening'
  | 'ep-cscf.draining'
  | 'listener.failed'
  | 'upgrade.refused'
  | 'message.malformed'
  | 'procedure.step'
  | 'register.refused'
  | 'flow.bound'
  | 'flow.ended'
  | 'request.refused'
  | 'request.failed'
  | 'waf.unreachable'
  | 'core.unreachable';

export type EpCscfLogger = Logger<EpCscfEvent>;
