/**
 * TURN URIs (RFC 7065 3.1).
 *
 * @module
 */

const pattern = /^turns?:(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?(?:\?transport=(?:udp|tcp))?$/i;

export function isTurnUri(text: string): boolean {
  return pattern.test(text);
}
