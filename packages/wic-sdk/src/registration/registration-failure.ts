/**
 * Why there is no registration, and what can be done about it.
 *
 * @module
 */
import type {
  FailureDetail,
  RegistrationFailed,
  RegistrationFailure,
  RegistrationFailureCode,
  RegistrationRemedy,
} from '../wic.ts';

type Row = readonly [code: RegistrationFailureCode, remedy: RegistrationRemedy];

const reasons: Readonly<Record<RegistrationFailure, Row>> = {
  'refused': ['ERR_WIC_REGISTRATION_REFUSED', 'ask the operator'],
  'not signed in': ['ERR_WIC_SIGNED_OUT', 'sign in'],
  'no identity': ['ERR_WIC_NO_IDENTITY', 'ask the operator'],
  'network ended': ['ERR_WIC_NETWORK_ENDED', 'sign in'],
  'sim unavailable': ['ERR_WIC_SIM_UNAVAILABLE', 'see to the SIM'],
};

const details: Readonly<Record<FailureDetail, Row>> = {
  'wrong credentials': ['ERR_WIC_CREDENTIALS_WRONG', 'correct the credentials'],
  'network not authenticated': ['ERR_WIC_NETWORK_NOT_AUTHENTICATED', 'leave this network'],
  'scheme not offered': ['ERR_WIC_SCHEME_NOT_OFFERED', 'choose another way'],
  'sim out of step': ['ERR_WIC_SIM_OUT_OF_STEP', 'ask the operator'],
  'token refused': ['ERR_WIC_TOKEN_REFUSED', 'sign in'],
  'identity not granted': ['ERR_WIC_IDENTITY_NOT_GRANTED', 'sign in'],
  'identity outside pool': ['ERR_WIC_IDENTITY_OUTSIDE_POOL', 'ask the operator'],
  'third party not allowed': ['ERR_WIC_THIRD_PARTY_NOT_ALLOWED', 'ask the operator'],
  'third party barred': ['ERR_WIC_THIRD_PARTY_BARRED', 'ask the operator'],
  'not granted': ['ERR_WIC_ACCESS_NOT_GRANTED', 'allow access'],
  'rejected': ['ERR_WIC_NETWORK_ENDED', 'sign in'],
  'unregistered': ['ERR_WIC_NETWORK_ENDED', 'try again'],
  'expired': ['ERR_WIC_NETWORK_ENDED', 'try again'],
  'connection closed': ['ERR_WIC_NETWORK_ENDED', 'sign in'],
  'no profile': ['ERR_WIC_SIM_UNAVAILABLE', 'see to the SIM'],
  'not allowed': ['ERR_WIC_SIM_UNAVAILABLE', 'see to the SIM'],
  'blocked': ['ERR_WIC_SIM_UNAVAILABLE', 'see to the SIM'],
  'storage': ['ERR_WIC_SIM_UNAVAILABLE', 'choose another way'],
  'not answering': ['ERR_WIC_SIM_UNAVAILABLE', 'try again'],
};

export function describeFailure(reason: RegistrationFailure, detail?: FailureDetail): RegistrationFailed {
  const [code, remedy] = detail === undefined ? reasons[reason] : details[detail];
  return { status: 'failed', reason, ...(detail !== undefined && { detail }), code, remedy };
}
