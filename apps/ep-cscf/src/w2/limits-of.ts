/**
 * What one connection on W2 may do, as it is configured.
 *
 * @module
 */
import type { Config } from '../config.ts';
import type { ConnectionLimits } from './connection.ts';

export function limitsOf(config: Config): ConnectionLimits {
  return {
    requestsPerSecond: config.EP_CSCF_REQUESTS_PER_SECOND,
    requestBurst: config.EP_CSCF_REQUEST_BURST,
    pendingRequests: config.EP_CSCF_PENDING_REQUESTS,
    turnRequestsPerMinute: config.EP_CSCF_TURN_REQUESTS_PER_MINUTE,
    registrationDeadlineMs: config.EP_CSCF_REGISTRATION_DEADLINE_MS,
  };
}
