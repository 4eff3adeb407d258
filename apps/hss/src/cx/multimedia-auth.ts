/**
 * Authentication: MAR to MAA (TS 29.228 6.3.1).
 *
 * Subscriptions hold no authentication data: users are authenticated by the WAF, and a trusted node vouches for them
 * (TS 33.203 annex U). So no scheme is supported, and as a refused MAR must, it leaves S-CSCF name and state alone.
 *
 * @module
 */
import { experimentalResult, type MultimediaAuthAnswer, type MultimediaAuthRequest } from '@wicgate/cx';
import type { SubscriptionRecords } from '../subscriptions/subscription-store.ts';
import { findUser, type Outcome, unchanged } from './outcome.ts';

export async function multimediaAuth(
  records: SubscriptionRecords,
  request: MultimediaAuthRequest,
): Promise<Outcome<MultimediaAuthAnswer>> {
  const user = await findUser(records, request.impi, request.impu);
  return unchanged('kind' in user ? user : experimentalResult('DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED'));
}
