/**
 * The 200 to a REGISTER (TS 33.203 X.3.2.3 step 7, TS 24.229 5.4.1.2.2F, RFC 3327 5.3, RFC 3608, RFC 5626 6).
 *
 * @module
 */
import { createResponse, formatContact, formatDate, type SipRequest, type SipResponse } from '@wicgate/sip';
import type { Binding, Registration } from './registrations.ts';

export interface AnswerParts {
  /** Undefined where the user has no contact any more. */
  readonly registration: Registration | undefined;
  /** A contact of this REGISTER is bound to its flow (RFC 5626 6). */
  readonly isOutbound: boolean;
  readonly path: readonly string[];
  readonly serviceRoute: string;
  readonly toTag: string;
  /** On the scale of the bindings' clock. */
  readonly now: number;
}

/** Every contact of the user with the time it has left, and what the user needs to know to make calls. */
export function createRegistrationAnswer(request: SipRequest, parts: AnswerParts): SipResponse {
  const { registration, isOutbound, path, serviceRoute, toTag, now } = parts;
  const bindings = [...(registration?.bindings.values() ?? [])];
  const headers: [string, string][] = bindings.map((binding) => ['Contact', formatBinding(binding, now)]);
  if (registration !== undefined && bindings.length > 0) {
    headers.push(...path.map((value): [string, string] => ['Path', value]));
    headers.push(['Service-Route', `<${serviceRoute}>`]);
    headers.push(...registration.impus.map((impu): [string, string] => ['P-Associated-URI', `<${impu}>`]));
    if (isOutbound) headers.push(['Require', 'outbound']);
  }
  headers.push(['Supported', 'path, outbound'], ['Date', formatDate(Date.now())]);
  return createResponse(request, 200, { toTag, headers });
}

/** With the seconds that are left. */
function formatBinding({ contact: { uri, params }, expiresAt }: Binding, now: number): string {
  const seconds = Math.max(0, Math.ceil((expiresAt - now) / 1_000));
  return formatContact({ displayName: undefined, uri, params: new Map([...params, ['expires', String(seconds)]]) });
}
