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

/** Of ordinary ones, and of those for an emergency, the ones beyond ten: updated longest ago, and not in `kept`. */
export function excessKeys({ bindings }: Registration, kept: ReadonlySet<string>): readonly string[] {
  return [false, true].flatMap((isEmergency) => {
    const same = [...bindings].filter(([, { contact }]) => contact.isEmergency === isEmergency);
    const others = same.filter(([key]) => !kept.has(key)).sort(([, a], [, b]) => a.updatedAt - b.updatedAt);
    return others.slice(0, Math.max(0, same.length - maxBindings)).map(([key]) => key);
  });
}
