/**
 * Input of the provisioning API: validated by a schema, refused without repeating what was said.
 *
 * @module
 */
import { z } from 'zod';
import { InputInvalid } from '../errors.ts';

/** @throws {InputInvalid} */
export function readInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => ({ path: issue.path.join('.'), expected: expectedBy(issue) }));
  throw new InputInvalid(faults);
}

/** A field that nobody knows is named only where its name is letters alone: it may be a key that slipped there. */
function expectedBy(issue: z.core.$ZodIssue): string {
  const isSlip = issue.code === 'unrecognized_keys' && !issue.keys.every((key) => /^[A-Za-z]{1,40}$/.test(key));
  return isSlip ? 'expected no unknown fields' : issue.message.replace(/^Invalid [a-z]+: /, '');
}

/** Text in the one form that `make` gives it; undefined refuses it. */
export function canonicalText(make: (text: string) => string | undefined, expected: string) {
  return z.string(expected).transform((text, context) => {
    const made = make(text);
    if (made !== undefined) return made;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}
