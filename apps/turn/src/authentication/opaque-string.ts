/**
 * OpaqueString: the form in which user names and passwords become keys (RFC 8265 4.2, as RFC 8489 9.2.2 asks).
 *
 * @module
 */

/** In the order of their use; a match of `pattern` without one of `allowedIf` is refused (RFC 5892 A.3 to A.9). */
const contextual: readonly { readonly pattern: RegExp; readonly allowedIf: RegExp }[] = [
  { pattern: /\u00b7/u, allowedIf: /^(?!.*(?<!l)\u00b7)(?!.*\u00b7(?!l))/su },
  { pattern: /\u0375/u, allowedIf: /^(?!.*\u0375(?!\p{Script=Greek}))/su },
  { pattern: /[\u05f3\u05f4]/u, allowedIf: /^(?!.*(?<!\p{Script=Hebrew})[\u05f3\u05f4])/su },
  { pattern: /\u30fb/u, allowedIf: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u },
  { pattern: /[\u0660-\u0669]/u, allowedIf: /^[^\u06f0-\u06f9]*$/u },
];

/**
 * What the FreeformClass has no place for (RFC 8264 4.3): controls, what is unassigned, private or half a pair, what
 * cannot be seen (joiners among it), old Hangul Jamo, and the single ones that RFC 5892 2.6 disallows.
 */
const disallowed =
  /[\p{Cc}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]/u;

/**
 * The text as it enters a key: spaces of all kinds become U+0020, the rest is composed (NFC); case stays. Undefined if
 * it is empty or holds what has no place in it.
 */
export function prepareOpaqueString(text: string): string | undefined {
  const prepared = text.replace(/\p{Zs}/gu, ' ').normalize('NFC');
  if (prepared === '' || disallowed.test(prepared)) return undefined;
  const isOutOfPlace = contextual.some(({ pattern, allowedIf }) => pattern.test(prepared) && !allowedIf.test(prepared));
  return isOutOfPlace ? undefined : prepared;
}
