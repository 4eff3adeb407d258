/**
 * The Replaces header field of an INVITE (RFC 3891 6.1).
 *
 *     Replaces       = callid *( SEMI replaces-param )
 *     replaces-param = "to-tag" EQUAL token / "from-tag" EQUAL token / "early-only" / generic-param
 *
 * @module
 */
import { isToken } from '../grammar/characters.ts';
import { formatParams } from '../grammar/format-params.ts';
import { Scanner } from '../grammar/scanner.ts';
import { isCallId, readCallId } from './call-id.ts';
import { requireToken } from './require-token.ts';

/** The dialog as its receiver sees it. */
export interface Replaces {
  readonly callId: string;
  /** Tag of the end that receives this header field. */
  readonly toTag: string;
  /** Tag of its peer in the dialog. */
  readonly fromTag: string;
  /** Only while the dialog is early. */
  readonly isEarlyOnly: boolean;
  /** All other parameters, names in lower case. */
  readonly params: ReadonlyMap<string, string>;
}

const known = new Set(['to-tag', 'from-tag', 'early-only']);

/** @throws {HeaderMalformed} */
export function parseReplaces(value: string): Replaces {
  const scanner = new Scanner('Replaces', value);
  const callId = readCallId(scanner);
  const start = scanner.offset;
  const params = scanner.params();
  scanner.end();
  const toTag = params.get('to-tag') ?? '';
  const fromTag = params.get('from-tag') ?? '';
  if (!isToken(toTag)) scanner.fail('to-tag', start);
  if (!isToken(fromTag)) scanner.fail('from-tag', start);
  const others = new Map([...params].filter(([name]) => !known.has(name)));
  return { callId, toTag, fromTag, isEarlyOnly: params.has('early-only'), params: others };
}

/** @throws {TypeError} a part of it could break out of the header field. */
export function formatReplaces({ callId, toTag, fromTag, isEarlyOnly, params }: Replaces): string {
  if (!isCallId(callId)) throw new TypeError('expected a Call-ID');
  const tags = `;to-tag=${requireToken(toTag, 'to-tag')};from-tag=${requireToken(fromTag, 'from-tag')}`;
  return `${callId}${tags}${isEarlyOnly ? ';early-only' : ''}${formatParams(params)}`;
}
