/**
 * The REGISTER (RFC 3261 10.2).
 *
 * @module
 */
import { formatContact } from '../headers/contact.ts';
import { formatExpires } from '../headers/expires.ts';
import { Headers } from '../headers/headers.ts';
import { formatNameAddr, type NameAddr } from '../headers/name-addr.ts';
import { noBody, type SipRequest } from '../messages/message.ts';

/** What a REGISTER says. */
export interface RegisterFields {
  /** Domain of the location service: Request-URI, without user (RFC 3261 10.2). */
  readonly registrar: string;
  /** Address of record: To and From. */
  readonly aor: string;
  readonly fromTag: string;
  /** The same for all registrations of one boot (RFC 3261 10.2). */
  readonly callId: string;
  readonly sequence: number;
  /** `*` removes all bindings; none asks what there is (RFC 3261 10.2.2, 10.2.3). */
  readonly contacts: readonly NameAddr[] | '*';
  /** Undefined where only bindings are asked for. */
  readonly expiresSeconds: number | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Without Via. @throws {TypeError} a value could break out of its header field, or `*` with other than 0 seconds. */
export function createRegister(fields: RegisterFields): SipRequest {
  const { registrar, aor, fromTag, callId, sequence, contacts, expiresSeconds, headers } = fields;
  if (contacts === '*' && expiresSeconds !== 0) throw new TypeError('expected Expires 0 with Contact *');
  const written = contacts === '*' ? ['*'] : contacts.map(formatContact);
  const expires = expiresSeconds === undefined ? [] : [['Expires', formatExpires(expiresSeconds)] as const];
  return {
    method: 'REGISTER',
    requestUri: registrar,
    headers: Headers.of(
      ['Max-Forwards', '70'],
      ['From', formatNameAddr({ displayName: undefined, uri: aor, params: new Map([['tag', fromTag]]) })],
      ['To', formatNameAddr({ displayName: undefined, uri: aor, params: new Map() })],
      ['Call-ID', callId],
      ['CSeq', `${sequence} REGISTER`],
      ...written.map((contact) => ['Contact', contact] as const),
      ...expires,
      ...headers,
    ),
    body: noBody,
  };
}
