/**
 * What the I-CSCF and the S-CSCF log.
 *
 * @module
 */
import type { Logger } from '@wicgate/node-kit';

export type CoreEvent =
  | 'core.started'
  | 'message.malformed'
  | 'request.refused'
  | 'request.failed'
  | 'registration.created'
  | 'registration.refreshed'
  | 'registration.ended';

export type CoreLogger = Logger<CoreEvent>;
