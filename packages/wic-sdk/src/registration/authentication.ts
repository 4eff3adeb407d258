/**
 * How the user of a WIC is authenticated towards the network (TS 33.203 X.2, X.3).
 *
 * @module
 */
import type { SipRequest, SipResponse } from '@wicgate/sip';
import type { RegistrationScheme } from '../wic.ts';
import type { RegisterOutcome } from './register-outcome.ts';

/** What follows an answer: another request, or what the answer means; undefined: it speaks for itself. */
export type Judgement = { readonly type: 'again'; readonly request: SipRequest } | RegisterOutcome | undefined;

export interface Circumstances {
  /** No challenge was answered in this exchange yet. */
  readonly isFirst: boolean;
  /** The network must prove in a success that it knows the user: the connection is new. */
  readonly mustProve: boolean;
}

/** Puts credentials into REGISTER requests and judges the answers. */
export interface Authentication {
  readonly scheme: RegistrationScheme;
  /** The private identity; undefined where only the network knows it. */
  readonly impi: string | undefined;
  readonly authorize: (request: SipRequest) => SipRequest;
  readonly judge: (
    request: SipRequest,
    response: SipResponse,
    circumstances: Circumstances,
  ) => Judgement | Promise<Judgement>;
}
