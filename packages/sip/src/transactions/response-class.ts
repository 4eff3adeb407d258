/**
 * How the figures of RFC 3261 17 sort responses.
 *
 * @module
 */

export type ResponseClass = '1xx' | '2xx' | '300-699';

export function responseClassOf(statusCode: number): ResponseClass {
  if (statusCode < 200) return '1xx';
  return statusCode < 300 ? '2xx' : '300-699';
}
