/**
 * P-Asserted-Identity of a WIC, from the binding of its connection (TS 24.229 5.2.6.3, RFC 3325).
 *
 * @module
 */
import {
  canonicalImpu,
  type Headers,
  isIdentityPrivate,
  parseNameAddr,
  parseUri,
  readNameAddr,
  SipError,
} from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import { findRegisteredImpu, type RegisteredFlow, type Registration } from '../registration/registered-flows.ts';

export interface AssertedIdentity {
  readonly impu: string;
  /** The registration it belongs to: its Service-Route leads to who serves the identity. */
  readonly registration: Registration;
}

/**
 * The identity that the WIC prefers where it has registered it, else its default one.
 *
 * @throws {RequestRefused} the flow has no identity.
 */
export function assertIdentity(flow: RegisteredFlow, preferred: readonly string[]): AssertedIdentity {
  for (const value of preferred) {
    const found = findOwn(flow, value);
    if (found !== undefined) return found;
  }
  const [registration] = flow.registrations;
  const impu = registration?.impus[0];
  if (registration === undefined || impu === undefined) throw new RequestRefused('not registered');
  return { impu, registration };
}

/** A value that cannot be read is no preference. */
function findOwn(flow: RegisteredFlow, value: string): AssertedIdentity | undefined {
  try {
    return findRegisteredImpu(flow, parseNameAddr(value).uri);
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
    return undefined;
  }
}

/**
 * From names an identity of the flow, or nobody (RFC 3323 4.1.1.3).
 *
 * @throws {RequestRefused} it names somebody else. @throws {HeaderMalformed}
 */
export function confineFrom(flow: RegisteredFlow, headers: Headers): void {
  const { uri } = readNameAddr(headers, 'From');
  const from = parseUri(uri, 'From');
  if (from.scheme !== 'tel' && from.host === 'anonymous.invalid') return;
  if (findRegisteredImpu(flow, canonicalImpu(uri)) === undefined) throw new RequestRefused('From of another');
}

/** Without the identity of who wants privacy: the UE is outside the trust domain (RFC 3325 7). */
export function withoutPrivateIdentity(headers: Headers): Headers {
  return isIdentityPrivate(headers) ? headers.without('P-Asserted-Identity') : headers;
}
