/**
 * The Refer-Sub header field: whether a REFER makes a subscription (RFC 4488 4).
 *
 *     Refer-Sub = ( "true" / "false" ) *( SEMI exten )
 *
 * @module
 */

import { formatParams } from '../grammar/format-params.ts';
import { Scanner } from '../grammar/scanner.ts';

/** Whether NOTIFYs are wanted, in a request, or will come, in its response. */
export interface ReferSub {
  readonly subscribes: boolean;
  /** Names in lower case. */
  readonly params: ReadonlyMap<string, string>;
}

/** @throws {HeaderMalformed} */
export function parseReferSub(value: string): ReferSub {
  const scanner = new Scanner('Refer-Sub', value);
  const start = scanner.offset;
  const word = scanner.token('true or false').toLowerCase();
  if (word !== 'true' && word !== 'false') scanner.fail('true or false', start);
  const params = scanner.params();
  scanner.end();
  return { subscribes: word === 'true', params };
}

/** @throws {TypeError} a parameter could break out of the header field. */
export function formatReferSub({ subscribes, params }: ReferSub): string {
  return `${subscribes}${formatParams(params)}`;
}
