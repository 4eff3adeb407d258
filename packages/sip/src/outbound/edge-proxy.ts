/**
 * What an edge proxy decides about flows (RFC 5626 5).
 *
 * @module
 */
import { findContacts } from '../headers/contact.ts';
import { hasToken } from '../headers/token-list.ts';
import type { SipRequest } from '../messages/message.ts';

/**
 * Whether the proxy puts a Path with `ob` and its flow token on a REGISTER (RFC 5626 5.1): it is the first hop, and the
 * user agent supports outbound and names the flow.
 *
 * @throws {HeaderMalformed}
 */
export function wantsOutboundPath({ headers }: SipRequest): boolean {
  if (headers.all('Via').length !== 1 || !hasToken(headers, 'Supported', 'outbound')) return false;
  const contacts = findContacts(headers);
  return contacts !== '*' && contacts.some(({ instanceId, regId }) => instanceId !== undefined && regId !== undefined);
}

/** What the user part of the topmost Route, which names this proxy, turned out to be. */
export type FlowTokenFinding =
  | { readonly type: 'none' }
  /** Not made here, or changed on the way. */
  | { readonly type: 'forged' }
  | {
      readonly type: 'known';
      readonly isOpen: boolean;
      /** The request came over the very flow. */
      readonly isArrival: boolean;
    };

/** What an edge proxy does with a request that came with its flow token (RFC 5626 5.3). */
export type FlowTokenDecision =
  /** Take the Route off and go on by what is next (RFC 5626 5.3.2: an outgoing request, or no token). */
  | { readonly type: 'route on' }
  /** Take the Route off and send it over the flow, whatever the Request-URI says (RFC 5626 5.3.1). */
  | { readonly type: 'send on flow' }
  | { readonly type: 'refuse'; readonly statusCode: 403 | 430 };

/** RFC 5626 5.3. */
export function decideByFlowToken(finding: FlowTokenFinding): FlowTokenDecision {
  if (finding.type === 'none') return { type: 'route on' };
  if (finding.type === 'forged') return { type: 'refuse', statusCode: 403 };
  if (finding.isArrival) return { type: 'route on' };
  return finding.isOpen ? { type: 'send on flow' } : { type: 'refuse', statusCode: 430 };
}
