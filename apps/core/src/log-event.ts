/**
 * What the I-CSCF and the S-CSCF log.
 *
 * @module
 */
import type { Logger } from '@wicgate/node-kit';

export type CoreEvent =
  | 'core.started'
  | 'listener.failed'
  | 'message.malformed'
  | 'request.refused'
  | 'request.failed'
  | 'registration.challenged'
  | 'registration.created'
  | 'registration.refreshed'
  | 'registration.removed'
  | 'registration.ended'
  | 'registration.shortened'
  | 'authority.barred'
  | 'authority.admitted'
  | 'hss.not-told';

export type CoreLogger = Logger<CoreEvent>;
