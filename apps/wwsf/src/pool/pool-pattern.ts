/**
 * The pool of the WWSF as an operator writes it (TS 33.203 X.4.2.1).
 *
 * `guest-001..020@ims.example` is twenty pairs. `guest-*@ims.example` is the extension of X.4.2.1: any number of them,
 * each made when it is leased and never used again. The IMPU of a pair is `sip:` and its IMPI.
 *
 * @module
 */

/** One subscription of the pool: a single IMPI with a single IMPU. */
export interface Pair {
  readonly impi: string;
  readonly impu: string;
}

export type Pool =
  | { readonly kind: 'pairs'; readonly pairs: readonly [Pair, ...Pair[]] }
  | { readonly kind: 'range'; readonly prefix: string; readonly suffix: string };

export const maxPairs = 100_000;
export const maxIdentityLength = 255;

const localText = String.raw`[\w.-]{0,64}`;
const domainText = String.raw`(?=[\w.-]{1,180}$)[A-Za-z\d][\w.-]*`;
const numberedPattern = new RegExp(`^(${localText}?)(\\d{1,9})\\.\\.(\\d{1,9})(${localText})@(${domainText})$`);
const openPattern = new RegExp(`^(${localText})\\*(${localText})@(${domainText})$`);

/** The pool that `text` describes, or undefined: it is neither pattern, or has more than {@link maxPairs} pairs. */
export function findPool(text: string): Pool | undefined {
  return findRange(text) ?? findPairs(text);
}

export function pairOf(impi: string): Pair {
  return { impi, impu: `sip:${impi}` };
}

function findRange(text: string): Pool | undefined {
  const [, prefix, suffix, domain] = openPattern.exec(text) ?? [];
  if (prefix === undefined || suffix === undefined || prefix === '') return undefined;
  return { kind: 'range', prefix, suffix: `${suffix}@${domain}` };
}

function findPairs(text: string): Pool | undefined {
  const [, prefix, from = '', to = '', suffix, domain] = numberedPattern.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (domain === undefined || last < first || last - first >= maxPairs) return undefined;
  const pairs = Array.from({ length: last - first + 1 }, (_, index) => {
    const number = String(first + index).padStart(from.length, '0');
    return pairOf(`${prefix}${number}${suffix}@${domain}`);
  });
  const [head, ...rest] = pairs;
  return head && { kind: 'pairs', pairs: [head, ...rest] };
}
