/**
 * Configuration of a server process, read once at start from the environment.
 *
 * @module
 */
import { statSync } from 'node:fs';
import { z } from 'zod';

/** A setting is missing or out of range. The message names the variables at fault and never repeats a value. */
export class ConfigInvalid extends Error {
  readonly code = 'ERR_CONFIG_INVALID';
}

/**
 * The environment as `schema` describes it, frozen.
 *
 * @throws {ConfigInvalid} one line for each variable at fault.
 */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<z.output<Schema>> {
  const result = schema.safeParse(env);
  if (result.success) return Object.freeze(result.data) as Readonly<z.output<Schema>>;
  const lines = result.error.issues.map(({ path, message }) => `${path.join('.') || 'environment'}: ${message}`);
  throw new ConfigInvalid(lines.join('\n'));
}

/** A setting that names a file which must exist. */
export function fileAt(description: string): z.ZodType<string, string> {
  return z
    .string()
    .refine(
      (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true,
      'no such file; expected the path of a file',
    )
    .describe(description);
}

/** A setting of IP addresses or networks, comma separated; none when absent. */
export const addressList = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((address) => address.trim())
      .filter((address) => address !== ''),
  )
  .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'expected IP addresses')).max(32));
