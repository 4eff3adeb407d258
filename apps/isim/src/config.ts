/**
 * Configuration of the server of the soft ISIM, read once at start from the environment.
 *
 * The descriptions below are the reference manual.
 *
 * @module
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileAt, readEnvironment } from '@wicgate/node-kit';
import { z } from 'zod';

const maxAncestors = 32;

const originOf = (text: string): string | undefined => {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, href } = new URL(text);
  return protocol === 'https:' && href === `${origin}/` ? origin : undefined;
};

const origins = z
  .string()
  .transform((text) => text.split(',').map((origin) => originOf(origin.trim())))
  .refine((list) => list.length <= maxAncestors, `expected at most ${maxAncestors} origins`)
  .refine((list) => list.every((origin) => origin !== undefined), 'expected https origins, comma separated')
  .transform((list) => [...new Set(list.filter((origin) => origin !== undefined))]);

const pageFolder = z
  .string()
  .refine(
    (path) => statSync(join(path, 'index.html'), { throwIfNoEntry: false })?.isFile() === true,
    'expected a folder with index.html',
  );

export const configSchema = z.object({
  ISIM_HOST: z.string().default('127.0.0.1').describe('Address the server of the ISIM listens on'),
  ISIM_PORT: z.coerce.number().int().min(1).max(65_535).default(8455).describe('TCP port it listens on'),
  ISIM_TLS_CERT_FILE: fileAt('PEM certificate of the origin of the ISIM'),
  ISIM_TLS_KEY_FILE: fileAt('PEM key of that certificate'),
  ISIM_PAGE_DIR: pageFolder.describe('Folder of the built page: index.html and assets/'),
  ISIM_FRAME_ANCESTORS: origins.describe('Origins of the WWSFs whose WICs may use the ISIM, comma separated'),
  ISIM_CONNECTIONS: z.coerce.number().int().positive().max(1_000_000).default(10_000).describe('Connections at a time'),
});

export type Config = Readonly<z.output<typeof configSchema>>;

/** @throws {ConfigInvalid} one line for each variable at fault; values are never repeated. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return readEnvironment(configSchema, env);
}
