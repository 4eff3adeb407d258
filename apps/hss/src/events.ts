/**
 * What the HSS writes to its log.
 *
 * @module
 */
import type { Logger } from '@wicgate/node-kit';

export type HssEvent =
  | 'hss.started'
  | 'cx.answered'
  | 'cx.failed'
  | 'cx.notified'
  | 'cx.unanswered'
  | 'aka.auts-rejected'
  | 'range.created'
  | 'range.changed'
  | 'range.deleted'
  | 'subscription.created'
  | 'subscription.changed'
  | 'subscription.deleted'
  | 'subscription.deregistered'
  | 'provisioning.refused'
  | 'provisioning.failed';

export type HssLogger = Logger<HssEvent>;
