/**
 * Why a try came to nothing, where another one by itself would not help.
 *
 * @module
 */
import { isWicError } from '../errors.ts';
import type { FailureDetail, RegistrationFailure } from '../wic.ts';

export interface FaultCircumstances {
  /** The network closed the connection meanwhile. */
  readonly wasEnded: boolean;
  /** There is a registration that holds for a while. */
  readonly holds: boolean;
}

/** Undefined: another try may help. */
export function findFinalFault(
  error: unknown,
  { wasEnded, holds }: FaultCircumstances,
): readonly [reason: RegistrationFailure, detail?: FailureDetail] | undefined {
  if (wasEnded) return ['network ended', 'connection closed'];
  if (isWicError(error, 'ERR_WIC_SIGNED_OUT')) return ['not signed in'];
  if (isWicError(error, 'ERR_WIC_ACCESS_NOT_GRANTED')) return ['not signed in', 'not granted'];
  return isWicError(error, 'ERR_WIC_SIM_UNAVAILABLE') && !holds ? ['sim unavailable', error.problem] : undefined;
}
