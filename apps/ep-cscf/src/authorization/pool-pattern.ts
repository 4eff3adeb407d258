/**
 * Patterns of the private identities in a pool (TS 33.203 X.4.2.3 NOTE 8): the form that the operator gives to those of
 * one WWSF and to no others.
 *
 *     pattern = 1*char [ "*" *char ] "@" domain      ; or "*" *char "@" domain
 *
 * `*` stands for one run of letters, digits, `.`, `_` and `-`.
 *
 * @module
 */
import { canonicalImpi } from '../registration/private-identity.ts';

export interface PoolPattern {
  /** What stands before `*`. */
  readonly prefix: string;
  /** What stands behind it; undefined: the pattern is one private identity. */
  readonly suffix: string | undefined;
}

const pattern = /^(?=.{3,255}$)(?<prefix>[A-Za-z0-9._-]*)(?<star>\*?)(?<rest>[A-Za-z0-9._-]*@[A-Za-z0-9.-]+)$/u;
const run = /^[A-Za-z0-9._-]+$/u;

/** Undefined where the text is no pattern. */
export function parsePoolPattern(text: string): PoolPattern | undefined {
  const { prefix, star, rest } = pattern.exec(text)?.groups ?? {};
  if (prefix === undefined || rest === undefined || text.startsWith('@')) return undefined;
  const suffix = canonicalImpi(rest);
  return star === '' ? { prefix: prefix + suffix, suffix: undefined } : { prefix, suffix };
}

/** Whether a private identity, in canonical spelling, has the form. Linear time. */
export function fitsPool({ prefix, suffix }: PoolPattern, impi: string): boolean {
  if (suffix === undefined) return impi === prefix;
  if (!impi.startsWith(prefix) || !impi.endsWith(suffix)) return false;
  return run.test(impi.slice(prefix.length, Math.max(prefix.length, impi.length - suffix.length)));
}

/** Whether one private identity could fit both. */
export function overlaps(left: PoolPattern, right: PoolPattern): boolean {
  if (left.suffix === undefined) return fitsPool(right, left.prefix);
  if (right.suffix === undefined) return fitsPool(left, right.prefix);
  const meet = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(one);
  const end = (one: string, other: string): boolean => one.endsWith(other) || other.endsWith(one);
  return meet(left.prefix, right.prefix) && end(left.suffix, right.suffix);
}
