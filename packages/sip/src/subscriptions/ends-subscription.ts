/**
 * Failures that end a subscription (RFC 6665 4.1.2.2 for SUBSCRIBE, 4.2.2 for NOTIFY).
 *
 * @module
 */

const ending = new Set([404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604]);

/** Whether this answer to a refresh or a NOTIFY ends the subscription; others leave it as it is. */
export function endsSubscription(statusCode: number): boolean {
  return ending.has(statusCode);
}
