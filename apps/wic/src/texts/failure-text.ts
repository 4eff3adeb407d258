/**
 * Why there is no registration, in plain words, and what can be done about it.
 *
 * @module
 */
import type { RegistrationFailed, WayIn } from '@wicgate/wic-sdk';
import { type FailureText, failureCauses } from './failure-causes.ts';
import { failureCausesOfWay } from './failure-causes-of-way.ts';

export type { FailureAction, FailureText } from './failure-causes.ts';

export function failureText({ reason, detail }: RegistrationFailed, way: WayIn): FailureText {
  const cause = detail ?? reason;
  return failureCausesOfWay[way]?.[cause] ?? failureCauses[cause];
}
