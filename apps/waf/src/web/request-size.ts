/**
 * How large a request for oidc-provider may be; its own limits are wider than ours.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http';

export const bodyLimitOctets = 16_384;
/** What `/auth` is asked, by GET only, is stored until the person has signed in. */
const queryLimit = 8_192;
const parameterLimit = 2_048;

/** Whether the body, the query or one parameter is too large. A body must say its length. */
export function isOversize({ headers, url = '' }: IncomingMessage, path: string): boolean {
  const length = Number(headers['content-length'] ?? 0);
  const hasLargeBody = headers['transfer-encoding'] !== undefined || length > bodyLimitOctets;
  const query = url.slice(path.length + 1);
  if (hasLargeBody || query.length > queryLimit) return true;
  return [...new URLSearchParams(query)].some((pair) => pair.join('').length > parameterLimit);
}
