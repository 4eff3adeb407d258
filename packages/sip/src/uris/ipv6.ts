/**
 * IPv6 addresses: one address has many spellings (RFC 4291 2.2, RFC 5118 4.5, RFC 5952 4).
 *
 * @module
 */

/**
 * The eight groups of an address without brackets and zone; undefined where `text` is none. Linear, and bounded by
 * the longest spelling, 45 characters.
 */
export function parseIpv6(text: string): readonly number[] | undefined {
  if (text.length > 45) return undefined;
  const gap = text.indexOf('::');
  if (gap < 0) {
    const groups = parseGroups(text);
    return groups?.length === 8 ? groups : undefined;
  }
  if (text.includes('::', gap + 1)) return undefined;
  const before = gap === 0 ? [] : parseGroups(text.slice(0, gap));
  const after = gap + 2 === text.length ? [] : parseGroups(text.slice(gap + 2));
  // Two colons stand for one group at least.
  if (before === undefined || after === undefined || before.length + after.length > 7) return undefined;
  if (gap > 0 && text.slice(0, gap).includes('.')) return undefined;
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

/** The one spelling that RFC 5952 4 recommends; undefined where `text` is no IPv6 address. */
export function canonicalIpv6(text: string): string | undefined {
  const groups = parseIpv6(text);
  if (groups === undefined) return undefined;
  const { start, length } = longestZeros(groups);
  const words = groups.map((group) => group.toString(16));
  if (length < 2) return words.join(':');
  return `${words.slice(0, start).join(':')}::${words.slice(start + length).join(':')}`;
}

/** Groups of hexadecimal digits with colons between; the last two may be written as an IPv4 address. */
function parseGroups(text: string): readonly number[] | undefined {
  const words = text.split(':', 9);
  const groups: number[] = [];
  for (const [index, word] of words.entries()) {
    if (word.includes('.')) {
      const pair = index === words.length - 1 ? parseIpv4(word) : undefined;
      if (pair === undefined) return undefined;
      groups.push(...pair);
    } else if (/^[0-9a-fA-F]{1,4}$/u.test(word)) groups.push(Number.parseInt(word, 16));
    else return undefined;
  }
  return groups;
}

function parseIpv4(text: string): readonly [number, number] | undefined {
  const octets = text.split('.', 5);
  if (octets.length !== 4 || !octets.every((octet) => /^[0-9]{1,3}$/u.test(octet) && Number(octet) < 256)) {
    return undefined;
  }
  const [a = 0, b = 0, c = 0, d = 0] = octets.map(Number);
  return [a * 256 + b, c * 256 + d];
}

function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  return best;
}
