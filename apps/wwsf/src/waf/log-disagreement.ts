/**
 * What an operator reads when WAF and WWSF do not fit together.
 *
 * @module
 */
import type { Logger } from '@wicgate/node-kit';
import type { WafDisagrees } from '../errors.ts';
import type { LogEvent } from '../log-event.ts';

export function logDisagreement(log: Logger<LogEvent>, { reason }: WafDisagrees, effect: string): void {
  log.error({
    event: 'waf.disagrees',
    reason,
    effect,
    action: 'compare the client at the WAF, its scopes and its pool with WWSF_CLIENT_*, WWSF_ORIGIN and WWSF_POOL*',
  });
}
