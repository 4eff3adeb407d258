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
  | 'registration-event.told'
  | 'registration-event.ended'
  | 'registration-event.failed'
  | 'revocations.damaged'
  | 'request.refused'
  | 'request.failed'
  | 'revocation.accepted'
  | 'revocation.refused'
  | 'revocations.full'
  | 'revocations.unsaved'
  | 'deregistration.refused'
  | 'deregistration.failed'
  | 'turn-credential.issued'
  | 'turn-access.ended'
  | 'turn-revocation.sent'
  | 'turn-revocation.failed'
  | 'turn-revocation.dropped'
  | 'turn-revocation.lost'
  | 'waf.unreachable'
  | 'core.unreachable';

export type EpCscfLogger = Logger<EpCscfEvent>;
