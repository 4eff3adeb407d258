/**
 * The pool from a file, where its identities follow no pattern: a JSON list of `{ "impi", "impu" }`.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { ConfigInvalid } from '@wicgate/node-kit';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { findPool, maxIdentityLength, maxPairs, type Pair, type Pool } from './pool-pattern.ts';

const maxOctets = 16 * 1024 * 1024;
const impi = z
  .string()
  .max(maxIdentityLength)
  .regex(/^[^\s@]+@[^\s@]+$/);
const impu = z
  .string()
  .max(maxIdentityLength)
  .regex(/^(?:sips?:[^\s@]+@[^\s@]+|tel:\S+)$/);
const fileSchema = z.tuple([z.strictObject({ impi, impu })], z.strictObject({ impi, impu })).check((context) => {
  if (!isUnique(context.value)) context.issues.push({ code: 'custom', input: context.value, message: 'twice' });
});

/**
 * The configured pool; undefined if there is none.
 *
 * @throws {ConfigInvalid}
 */
export function readPool({
  WWSF_POOL: pattern,
  WWSF_POOL_FILE: file,
}: Pick<Config, 'WWSF_POOL' | 'WWSF_POOL_FILE'>): Pool | undefined {
  if (pattern !== undefined && file !== undefined) {
    throw new ConfigInvalid('WWSF_POOL_FILE: expected either WWSF_POOL or WWSF_POOL_FILE, not both');
  }
  if (file !== undefined) return { kind: 'pairs', pairs: readPairs(file) };
  return pattern === undefined ? undefined : findPool(pattern);
}

function readPairs(file: string): readonly [Pair, ...Pair[]] {
  try {
    const content = readFileSync(file);
    if (content.length <= maxOctets) return fileSchema.parse(JSON.parse(content.toString('utf8')));
  } catch {
    // Neither message may quote the file.
  }
  throw new ConfigInvalid(
    `WWSF_POOL_FILE: expected a JSON list of 1 to ${maxPairs} different pairs { "impi": "user@domain", "impu": "sip:user@domain" }`,
  );
}

/** An identity that stood in two pairs could be leased twice. */
function isUnique(pairs: readonly Pair[]): boolean {
  const [impis, impus] = [new Set(pairs.map((pair) => pair.impi)), new Set(pairs.map((pair) => pair.impu))];
  return impis.size === pairs.length && impus.size === pairs.length && pairs.length <= maxPairs;
}
