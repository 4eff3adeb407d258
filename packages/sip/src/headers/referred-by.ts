/**
 * The Referred-By header field (RFC 3892 3).
 *
 *     Referred-By         = referrer-uri *( SEMI ( referredby-id-param / generic-param ) )
 *     referrer-uri        = name-addr / addr-spec
 *     referredby-id-param = "cid" EQUAL quoted sip-clean-msg-id
 *
 * @module
 */

import { HeaderMalformed } from '../errors.ts';
import { formatParams } from '../grammar/format-params.ts';
import { quoted, unquote } from '../grammar/quoted-string.ts';
import { formatNameAddr, parseNameAddr } from './name-addr.ts';

/** Who referred. */
export interface ReferredBy {
  readonly displayName: string | undefined;
  /** URI of the referrer: a claim of the peer unless a token proves it. */
  readonly uri: string;
  /** Content-ID of the token in the body, `left@right` without brackets; undefined where there is none. */
  readonly contentId: string | undefined;
  /** All other parameters, names in lower case. */
  readonly params: ReadonlyMap<string, string>;
}

const none: ReadonlyMap<string, string> = new Map();

/** @throws {HeaderMalformed} */
export function parseReferredBy(value: string): ReferredBy {
  const { displayName, uri, params } = parseNameAddr(value, 'Referred-By');
  const cid = params.get('cid');
  if (cid === undefined) return { displayName, uri, contentId: undefined, params };
  const contentId = unquote(cid);
  if (!isContentId(contentId)) throw new HeaderMalformed('Referred-By', 0, 'a content id in cid');
  return { displayName, uri, contentId, params: new Map([...params].filter(([name]) => name !== 'cid')) };
}

/** @throws {TypeError} a part of it could break out of the header field. */
export function formatReferredBy({ displayName, uri, contentId, params }: ReferredBy): string {
  const address = formatNameAddr({ displayName, uri, params: none });
  if (contentId === undefined) return `${address}${formatParams(params)}`;
  if (!isContentId(contentId)) throw new TypeError('expected a content id');
  return `${address};cid=${quoted(contentId)}${formatParams(params)}`;
}

/** `left@right`, neither empty, visible ASCII without quotes, backslashes and brackets. */
function isContentId(text: string): boolean {
  const at = text.indexOf('@');
  return at > 0 && at < text.length - 1 && !text.includes('@', at + 1) && /^[!#-;=?-[\]-~]+$/u.test(text);
}
