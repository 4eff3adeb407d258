/**
 * The TURN servers of the configuration: a list of URIs, which stands for one server, or a file of several with weights.
 *
 *     [{ "uris": ["turn:turn-1.example:3478?transport=udp", "turns:turn-1.example"], "weight": 3 }]
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { ConfigInvalid } from '@wicgate/node-kit';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { TurnServer } from './turn-servers.ts';
import { isTurnUri } from './turn-uri.ts';

type Settings = Pick<Config, 'WWSF_TURN_URIS' | 'WWSF_TURN_SERVERS_FILE' | 'WWSF_TURN_ACCESS' | 'WWSF_TURN_SECRET'>;

const serversSchema = z
  .array(
    z.strictObject({
      uris: z.array(z.string().refine(isTurnUri, 'expected a TURN URI (RFC 7065)')).min(1).max(4),
      weight: z.number().int().min(1).max(1_000).default(1),
    }),
  )
  .min(1)
  .max(64);

/**
 * None where nothing is configured.
 *
 * @throws {ConfigInvalid} names setting, server and member, never a value.
 */
export function readTurnServers(settings: Settings): readonly TurnServer[] {
  const { WWSF_TURN_URIS: uris, WWSF_TURN_SERVERS_FILE: file } = settings;
  if (file !== undefined && uris.length > 0) {
    throw new ConfigInvalid('WWSF_TURN_URIS: expected none, since there is a WWSF_TURN_SERVERS_FILE');
  }
  if (file !== undefined) return readFile(file);
  if (uris.length > 0) return [{ uris, weight: 1 }];
  for (const [name, isSet] of [
    ['WWSF_TURN_ACCESS', settings.WWSF_TURN_ACCESS],
    ['WWSF_TURN_SECRET', settings.WWSF_TURN_SECRET !== undefined],
  ] as const) {
    if (isSet) throw new ConfigInvalid(`${name}: expected also WWSF_TURN_URIS or WWSF_TURN_SERVERS_FILE`);
  }
  return [];
}

function readFile(file: string): readonly TurnServer[] {
  const result = serversSchema.safeParse(readJson(file));
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => `WWSF_TURN_SERVERS_FILE: ${path.join('.')}: ${message}`);
  throw new ConfigInvalid(lines.join('\n'));
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The parser's message would quote the file.
    throw new ConfigInvalid('WWSF_TURN_SERVERS_FILE: expected a JSON list of servers');
  }
}
