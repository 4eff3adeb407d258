/**
 * Who may have TURN credentials, and for how long (TS 33.203 X.5.2.2 step 3: Texp is by the policy of the eP-CSCF).
 *
 *     policy = rule *( "," rule )
 *     rule   = pattern "=" ( seconds / "refused" )      ; pattern: as in pools, e.g. guest-*@ims.example=600
 *
 * The first rule that fits counts; whom none fits has the usual lifetime.
 *
 * @module
 */
import { fitsPool, type PoolPattern, parsePoolPattern } from '../authorization/pool-pattern.ts';

export interface TurnRule {
  readonly pattern: PoolPattern;
  /** Undefined: refused. */
  readonly lifetimeSeconds: number | undefined;
}

/** A credential is never good for longer than a day. */
export const maxLifetimeSeconds = 86_400;
const maxRules = 1_000;
const rule = /^(?<form>[^=]{3,255})=(?:(?<seconds>[0-9]{1,5})|refused)$/u;

export type ReadTurnPolicy =
  | { readonly rules: readonly TurnRule[] }
  /** What is wrong, and in which rule; it repeats none. */
  | { readonly fault: string };

export function parseTurnPolicy(text: string): ReadTurnPolicy {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > maxRules) return { fault: `expected at most ${maxRules} rules` };
  const rules = parts.map(parseRule);
  const wrong = rules.indexOf(undefined);
  if (wrong >= 0) {
    const expected = `pattern=seconds, from 1 to ${maxLifetimeSeconds}, or pattern=refused`;
    return { fault: `rule ${wrong + 1}: expected ${expected}, e.g. guest-*@ims.example=600` };
  }
  const forms = parts.map((part) => part.slice(0, part.indexOf('=')));
  const again = forms.findIndex((form, at) => forms.indexOf(form) < at);
  if (again >= 0) return { fault: `rule ${again + 1}: expected a pattern that no rule before it has` };
  return { rules: rules.filter((each) => each !== undefined) };
}

function parseRule(text: string): TurnRule | undefined {
  const { form, seconds } = rule.exec(text)?.groups ?? {};
  const pattern = parsePoolPattern(form ?? '');
  if (pattern === undefined) return undefined;
  if (seconds === undefined) return { pattern, lifetimeSeconds: undefined };
  const lifetimeSeconds = Number(seconds);
  return lifetimeSeconds >= 1 && lifetimeSeconds <= maxLifetimeSeconds ? { pattern, lifetimeSeconds } : undefined;
}

/** Seconds that a credential of `impi`, in canonical spelling, is good for; undefined: it gets none. */
export function findLifetime(rules: readonly TurnRule[], impi: string, usualSeconds: number): number | undefined {
  const found = rules.find(({ pattern }) => fitsPool(pattern, impi));
  return found === undefined ? usualSeconds : found.lifetimeSeconds;
}
