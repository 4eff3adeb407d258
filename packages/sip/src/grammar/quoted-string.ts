/**
 * Quoted strings and what is inside them (RFC 3261 25.1).
 *
 * @module
 */

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;
const backslash = 92;

/** The text inside a quoted string; a text without quotes comes back as it is. */
export function unquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  const inside = text.slice(1, -1);
  return inside.includes('\\') ? inside.replaceAll(/\\(.)/gsu, '$1') : inside;
}

/** A quoted string of `text`. Control characters have no place in one and are left out. */
export function quoted(text: string): string {
  let written = '"';
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 32 && code !== 127 && code !== quote && code !== backslash) continue;
    written += text.slice(start, at);
    start = code === quote || code === backslash ? at : at + 1;
    if (start === at) written += '\\';
  }
  return `${written}${text.slice(start)}"`;
}

/** Whether the quote that opens the text is closed by its last character, and no line end or bare NUL is inside. */
export function isQuotedString(text: string): boolean {
  if (text.length < 2 || text.charCodeAt(0) !== quote) return false;
  let at = 1;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) break;
    if (code === carriageReturn || code === lineFeed || code === 0) return false;
    // A backslash may stand before any character but a line end, a NUL too (25.1, quoted-pair).
    if (code !== backslash) continue;
    at += 1;
    const escaped = text.charCodeAt(at);
    if (escaped === carriageReturn || escaped === lineFeed) return false;
  }
  return at === text.length - 1;
}
