/**
 * The SUBSCRIBE by which the eP-CSCF asks for the registrations of a user of its own (TS 24.229 5.2.3, RFC 3680 4).
 *
 * @module
 */
import { reginfoContentType } from '@wicgate/reg-event';
import { createSubscribe, type SubscriberOptions } from '@wicgate/sip';

export interface RegistrationSubscribeFields {
  /** The default public identity of the user: whom it is about. */
  readonly impu: string;
  /** `host:port` on Mw: by it the S-CSCF knows us from the Path. */
  readonly address: string;
  readonly callId: string;
  readonly fromTag: string;
  readonly expiresSeconds: number;
}

/** The user part of our Contact, which no flow token has. */
export const subscriberUser = 'reg';

/** The first request, and what those that refresh it repeat. */
export function createRegistrationSubscribe({
  impu,
  address,
  ...fields
}: RegistrationSubscribeFields): Pick<
  SubscriberOptions,
  'request' | 'event' | 'contact' | 'expiresSeconds' | 'headers'
> {
  const own = `sip:${address};transport=tls`;
  const event = { type: 'reg', id: undefined, params: new Map<string, string>() };
  const contact = `<sip:${subscriberUser}@${address};transport=tls>`;
  const asserted = [['P-Asserted-Identity', `<${own}>`] as const];
  const accept = [reginfoContentType];
  const request = createSubscribe({ ...fields, target: impu, from: own, contact, event, accept, headers: asserted });
  const headers = [...asserted, ['Accept', reginfoContentType] as const];
  return { request, event, contact, expiresSeconds: fields.expiresSeconds, headers };
}
