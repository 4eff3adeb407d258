/**
 * DNS names out of a certificate's subject alternative name, as Node writes it.
 *
 * @module
 */

/** One `type:value`; a value with a comma or a quote in it stands in quotes, as a JSON string. */
const entry = /(?:^|, )(?<type>[^:,"]+):(?<value>"(?:[^"\\]|\\.)*"|[^,"]*)(?=, |$)/gy;

/** In lower case. A text that is not understood to its end names nobody: a quoted part could hide another name. */
export function readDnsNames(subjectAltName: string | undefined): readonly string[] {
  const text = subjectAltName ?? '';
  const names: string[] = [];
  let end = 0;
  for (const { 0: whole, index, groups } of text.matchAll(entry)) {
    end = index + whole.length;
    const { type, value } = groups ?? {};
    // No DNS name needs quotes.
    if (type === 'DNS' && value !== undefined && !value.startsWith('"')) names.push(value.toLowerCase());
  }
  return end === text.length ? names : [];
}
