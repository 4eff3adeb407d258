/**
 * Which of a user's contacts leave.
 *
 * @module
 */
import type { Registration } from './registrations.ts';

const maxBindings = 10;

/** An emergency registration runs out, nobody takes it back (TS 24.229 5.1.6.6). */
export function ordinaryKeys({ bindings }: Registration): readonly string[] {
  return [...bindings].filter(([, { contact }]) => !contact.isEmergency).map(([key]) => key);
}

/** Those beyond ten, updated longest ago; `kept` and emergency registrations are not among them. */
export function excessKeys({ bindings }: Registration, kept: ReadonlySet<string>): readonly string[] {
  const others = [...bindings].filter(([key, { contact }]) => !kept.has(key) && !contact.isEmergency);
  const oldestFirst = others.sort(([, a], [, b]) => a.updatedAt - b.updatedAt);
  return oldestFirst.slice(0, Math.max(0, bindings.size - maxBindings)).map(([key]) => key);
}
