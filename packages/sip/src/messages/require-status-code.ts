/**
 * Status codes that the caller chose (RFC 3261 7.2).
 *
 * @module
 */

/** `statusCode` itself. @throws {TypeError} no whole number from 100 to 699. */
export function requireStatusCode(statusCode: number): number {
  if (Number.isInteger(statusCode) && statusCode >= 100 && statusCode <= 699) return statusCode;
  throw new TypeError('expected a status code from 100 to 699');
}
