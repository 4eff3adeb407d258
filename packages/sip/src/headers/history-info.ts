/**
 * One value of the History-Info header field (RFC 7044 5).
 *
 *     hi-entry = hi-targeted-to-uri *( SEMI hi-param )
 *     hi-index = "index" EQUAL index-val
 *     index-val = number *( "." number )
 *
 * @module
 */
import { HeaderMalformed, MessageTooLarge } from '../errors.ts';
import { formatNameAddr, type NameAddr, parseNameAddr } from './name-addr.ts';
import { requireNumber } from './require-number.ts';

/** One target that the request was sent to. */
export interface HistoryInfo extends NameAddr {
  /** Where in the tree of retargets: [1, 2] is the second from 1. 1 to 70 levels, each 0 to 9999. */
  readonly index: readonly number[];
}

const maxDepth = 70;
const maxLevel = 9_999;

/** @throws {HeaderMalformed} @throws {MessageTooLarge} an index deeper than 70. */
export function parseHistoryInfo(value: string): HistoryInfo {
  const entry = parseNameAddr(value, 'History-Info');
  return { ...entry, index: readIndex(entry.params.get('index') ?? '') };
}

/** @throws {TypeError} the URI or a parameter could break out, or no index of whole numbers up to 9999. */
export function formatHistoryInfo({ displayName, uri, params, index }: HistoryInfo): string {
  const others = [...params].filter(([name]) => name !== 'index');
  if (index.length === 0 || index.length > maxDepth)
    throw new TypeError(`expected an index of 1 to ${maxDepth} levels`);
  const levels = index.map((level) => requireNumber(level, 'a level of the index', maxLevel)).join('.');
  return formatNameAddr({ displayName, uri, params: new Map([['index', levels], ...others]) });
}

function readIndex(text: string): readonly number[] {
  const parts = text.split('.', maxDepth + 1);
  if (parts.length > maxDepth) throw new MessageTooLarge('levels of History-Info', maxDepth);
  return parts.map((part) => {
    if (!/^[0-9]{1,4}$/u.test(part)) throw new HeaderMalformed('History-Info', 0, 'index');
    return Number(part);
  });
}
