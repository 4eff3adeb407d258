/**
 * LIR and LIA: the I-CSCF asks which S-CSCF serves a called user (TS 29.228 6.1.4).
 *
 * @module
 */
import type { BaseResult, ExperimentalResult } from './results.ts';
import type { ServerCapabilities } from './server-capabilities.ts';

export interface LocationInfoRequest {
  readonly impu: string;
  /** Originating-Request: the request comes from an application server on behalf of the user. */
  readonly originatingRequest: boolean;
  /** Set when the assigned S-CSCF does not answer and another must be selected. */
  readonly userAuthorizationType: 'REGISTRATION_AND_CAPABILITIES' | undefined;
}

export type LocationInfoAnswer =
  /** Served at `serverName`; capabilities instead, when only these were asked for. */
  | (BaseResult<'DIAMETER_SUCCESS'> & {
      readonly serverName: string | undefined;
      readonly serverCapabilities: ServerCapabilities | undefined;
    })
  /** Not registered, but has services: select an S-CSCF by the capabilities. */
  | (ExperimentalResult<'DIAMETER_UNREGISTERED_SERVICE'> & { readonly serverCapabilities: ServerCapabilities })
  | ExperimentalResult<'DIAMETER_ERROR_USER_UNKNOWN' | 'DIAMETER_ERROR_IDENTITY_NOT_REGISTERED'>
  | BaseResult<'DIAMETER_UNABLE_TO_COMPLY'>;
