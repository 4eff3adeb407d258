/**
 * Whether a proxy may forward a request (RFC 3261 16.3).
 *
 * Syntax (step 1) was looked at when the message came in, loops (step 4) are for the {@link StatefulProxy}, credentials
 * (step 6) for the caller.
 *
 * @module
 */
import { SipError } from '../errors.ts';
import { findNumber } from '../headers/number-header.ts';
import { findTokens } from '../headers/token-list.ts';
import { createRefusal, type Refusal, refusalOf } from '../inspection/refusal.ts';
import type { SipRequest } from '../messages/message.ts';
import { maxUriCharacters, parseUri } from '../uris/uri.ts';

export interface ProxyCapabilities {
  /** Lower case, without colon; `sip`, `sips` and `tel` unless given. */
  readonly schemes?: readonly string[];
  /** Option tags that mean something to this proxy, lower case; none unless given. */
  readonly extensions?: readonly string[];
  /** Whether an OPTIONS that may go no further is answered here (16.3 step 3, 11); it is refused unless given. */
  readonly answersOptions?: boolean;
}

const usualSchemes: readonly string[] = ['sip', 'sips', 'tel'];

/**
 * `forward` it, `answer` it as the one it was meant for, or refuse it: 416, 414, 483, 420 or 400. An ACK that is refused is
 * dropped: nobody waits for an answer.
 */
export function validateRequest(
  request: SipRequest,
  { schemes = usualSchemes, extensions = [], answersOptions = false }: ProxyCapabilities = {},
): 'forward' | 'answer' | Refusal {
  try {
    const refusal = inspectRequestUri(request, schemes);
    if (refusal !== undefined) return refusal;
    if (findNumber(request.headers, 'Max-Forwards') === 0) {
      return request.method === 'OPTIONS' && answersOptions ? 'answer' : createRefusal(483);
    }
    const unsupported = findUnsupported(request, extensions);
    return unsupported.length === 0 ? 'forward' : createRefusal(420, ['Unsupported', unsupported.join(', ')]);
  } catch (error) {
    if (error instanceof SipError) return refusalOf(error);
    throw error;
  }
}

/** Step 2, and 21.4.12. */
function inspectRequestUri({ requestUri }: SipRequest, schemes: readonly string[]): Refusal | undefined {
  const scheme = requestUri.slice(0, requestUri.indexOf(':')).toLowerCase();
  if (!schemes.includes(scheme)) return createRefusal(416);
  if (requestUri.length > maxUriCharacters) return createRefusal(414);
  if (usualSchemes.includes(scheme)) parseUri(requestUri, 'Request-URI');
  return undefined;
}

/** Step 5. In ACK and CANCEL Proxy-Require counts for nothing (8.2.2.3, 20.29). */
function findUnsupported({ method, headers }: SipRequest, extensions: readonly string[]): readonly string[] {
  if (method === 'ACK' || method === 'CANCEL') return [];
  return findTokens(headers, 'Proxy-Require').filter((tag) => !extensions.includes(tag.toLowerCase()));
}
