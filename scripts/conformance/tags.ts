/**
 * The tags of a test title: what stands in brackets, in one spelling.
 *
 * `[TS 33.203 X.3.2.3 step 4.1]` is `x.3.2.3-4.1`, `[X.3.1 REQ 2.4]` is `req 2.4`, `[TS 24.229 5.2.2]` is `24.229 5.2.2`.
 *
 * @module
 */

/** The tags of a title, in the order in which they stand there. */
export function tagsOf(title: string): readonly string[] {
  return [...title.matchAll(/\[([^\]]+)\]/gu)].map((match) => normaliseTag(match[1] ?? ''));
}

/** The title without its tags. */
export function titleWithoutTags(title: string): string {
  return title
    .replace(/\[[^\]]+\]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** One spelling of a tag, in lower case. */
export function normaliseTag(tag: string): string {
  return tag
    .trim()
    .replace(/\s+/gu, ' ')
    .replace(/^TS /iu, '')
    .replace(/^33\.203 /u, '')
    .replace(/^X\.[234]\.1 (?=REQ )/iu, '')
    .replace(/ NOTE [0-9]+[a-z]?$/iu, '')
    .replace(/ steps? /iu, '-')
    .replace(/^X\.([34])-/iu, 'X.$1.2.3-')
    .toLowerCase();
}
