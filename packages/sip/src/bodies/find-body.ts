/**
 * One body among the bodies of a message (RFC 5621 3 and 8).
 *
 * @module
 */
import { MessageTooLarge } from '../errors.ts';
import { parseContentType } from '../headers/content-type.ts';
import type { Headers } from '../headers/headers.ts';
import { type BodyLimits, type BodyPart, defaultBodyLimits, isMultipart, parseMultipart } from './multipart.ts';

/**
 * The first body of `mediaType`, e.g. `application/sdp`: the body itself, or a part of it at any depth that `limits`
 * allow. Of multipart/alternative the last one counts, which is the best (RFC 2046 5.1.4). Undefined where there is
 * none.
 *
 * @throws {HeaderMalformed} @throws {BodyMalformed} @throws {MessageTooLarge} too many parts, or too deep.
 */
export function findBody(
  message: { readonly headers: Headers; readonly body: Uint8Array },
  mediaType: string,
  limits: BodyLimits = defaultBodyLimits,
): BodyPart | undefined {
  return find(message, mediaType.toLowerCase(), limits, 0);
}

function find(part: BodyPart, wanted: string, limits: BodyLimits, depth: number): BodyPart | undefined {
  const contentType = part.headers.first('Content-Type');
  if (contentType === undefined) return undefined;
  const { mediaType } = parseContentType(contentType);
  if (mediaType === wanted) return part;
  if (!isMultipart(contentType)) return undefined;
  if (depth >= limits.nesting) throw new MessageTooLarge('bodies within bodies', limits.nesting);
  const parts = parseMultipart(part.body, contentType, limits);
  const inOrder = mediaType === 'multipart/alternative' ? parts.toReversed() : parts;
  for (const each of inOrder) {
    const found = find(each, wanted, limits, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
