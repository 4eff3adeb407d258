/**
 * Whom a SAR is about (TS 29.228 6.1.2.1 steps 1 and 2).
 *
 * @module
 */
import {
  type BaseResult,
  baseResult,
  type ExperimentalResult,
  experimentalResult,
  type ServerAssignmentRequest,
  type ServerAssignmentType,
} from '@wicgate/cx';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { SubscriptionRecords } from '../subscriptions/subscription-store.ts';
import { findByImpu, findSubscription, type NoUser } from './outcome.ts';

/** Whom a SAR is about. */
export interface Assigned {
  readonly subscription: Subscription;
  /** Canonical; at least one, and one only but in deregistrations. */
  readonly impus: readonly [string, ...string[]];
}

type Misformed = BaseResult<'DIAMETER_MISSING_AVP' | 'DIAMETER_AVP_OCCURS_TOO_MANY_TIMES'>;
type Mismatch = ExperimentalResult<'DIAMETER_ERROR_IDENTITIES_DONT_MATCH'>;

/** More than any implicit registration set has; the provisioning API allows fewer. */
const maxImpus = 256;

/** These may name several identities, or none. */
const deregistrations: ReadonlySet<ServerAssignmentType> = new Set([
  'TIMEOUT_DEREGISTRATION',
  'USER_DEREGISTRATION',
  'TIMEOUT_DEREGISTRATION_STORE_SERVER_NAME',
  'USER_DEREGISTRATION_STORE_SERVER_NAME',
  'ADMINISTRATIVE_DEREGISTRATION',
  'DEREGISTRATION_TOO_MUCH_DATA',
]);

/** These may leave the private identity out. */
const withoutImpi: ReadonlySet<ServerAssignmentType> = new Set([
  ...deregistrations,
  'NO_ASSIGNMENT',
  'UNREGISTERED_USER',
]);

export async function findAssigned(
  records: SubscriptionRecords,
  request: ServerAssignmentRequest,
): Promise<Assigned | NoUser | Misformed | Mismatch> {
  const misformed = checkForm(request);
  if (misformed !== undefined) return misformed;
  const subscription = request.impi === undefined ? undefined : await findSubscription(records, request.impi);
  if (request.impi !== undefined && subscription === undefined) {
    return experimentalResult('DIAMETER_ERROR_USER_UNKNOWN');
  }
  const users = [];
  for (const impu of request.impus) {
    const user = await findByImpu(records, impu);
    if ('kind' in user) return user;
    users.push(user);
  }
  const owner = subscription ?? users[0]?.subscription;
  if (owner === undefined) return baseResult('DIAMETER_MISSING_AVP');
  if (users.some((user) => user.subscription.impi !== owner.impi)) {
    return experimentalResult('DIAMETER_ERROR_IDENTITIES_DONT_MATCH');
  }
  const named = (users.length === 0 ? owner.identities : users.map(({ identity }) => identity)).map(({ impu }) => impu);
  const [first, ...others] = named;
  return first === undefined
    ? experimentalResult('DIAMETER_ERROR_USER_UNKNOWN')
    : { subscription: owner, impus: [first, ...others] };
}

function checkForm({ impi, impus, serverName, serverAssignmentType }: ServerAssignmentRequest): Misformed | undefined {
  const mayNameSeveral = deregistrations.has(serverAssignmentType);
  if (serverName === '') return baseResult('DIAMETER_MISSING_AVP');
  if (impi === undefined && !withoutImpi.has(serverAssignmentType)) return baseResult('DIAMETER_MISSING_AVP');
  if (impus.length === 0 && !mayNameSeveral) return baseResult('DIAMETER_MISSING_AVP');
  const limit = mayNameSeveral ? maxImpus : 1;
  return impus.length > limit ? baseResult('DIAMETER_AVP_OCCURS_TOO_MANY_TIMES') : undefined;
}
