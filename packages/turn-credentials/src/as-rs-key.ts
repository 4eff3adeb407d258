/**
 * Keys shared by the WAF, which makes access tokens, and the TURN server, which reads them (RFC 7635 4.1), and the file
 * that both read them from.
 *
 *     [{ "kid": "2026-11", "algorithm": "A256GCM", "key": "<base64 of 32 octets>" }]
 *
 * Tokens are made with the first; all are accepted, so that keys can be changed without a break.
 *
 * @module
 */
import { decodeBase64 } from './base64.ts';
import { AsRsKeysMalformed } from './errors.ts';

export interface AsRsKey {
  /** The USERNAME of requests that bring a token made with this key. */
  readonly kid: string;
  readonly algorithm: 'A256GCM' | 'A128GCM';
  /** A secret of {@link keyLengths} octets. */
  readonly key: Uint8Array;
}

/** Octets of a key, by algorithm (RFC 7518 5.3). */
export const keyLengths: Readonly<Record<AsRsKey['algorithm'], number>> = { A256GCM: 32, A128GCM: 16 };

const maxFileLength = 16_384;
const maxKeys = 16;
const fields: ReadonlySet<string> = new Set(['kid', 'algorithm', 'key']);

/**
 * The keys of a key file, at least one.
 *
 * @throws {AsRsKeysMalformed} names the entry and its field, never the value.
 */
export function parseAsRsKeys(jsonText: string): readonly AsRsKey[] {
  if (jsonText.length > maxFileLength) {
    throw new AsRsKeysMalformed('key file', `at most ${maxFileLength} characters`);
  }
  const entries = readJson(jsonText);
  if (!Array.isArray(entries) || entries.length < 1 || entries.length > maxKeys) {
    throw new AsRsKeysMalformed('key file', `a list of 1 to ${maxKeys} keys`);
  }
  const keys = entries.map(readKey);
  for (const [at, { kid }] of keys.entries()) {
    if (keys.findIndex((key) => key.kid === kid) < at) {
      throw new AsRsKeysMalformed(`entry ${at + 1}, kid`, 'one that no other key has');
    }
  }
  return keys;
}

/** The cause stays out: the engine's message may quote the file. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AsRsKeysMalformed('key file', 'JSON');
  }
}

function readKey(entry: unknown, at: number): AsRsKey {
  const where = `entry ${at + 1}`;
  if (typeof entry !== 'object' || entry === null || Object.keys(entry).some((name) => !fields.has(name))) {
    throw new AsRsKeysMalformed(where, 'kid, algorithm and key, nothing else');
  }
  const { kid, algorithm, key } = entry as Readonly<Record<string, unknown>>;
  if (typeof kid !== 'string' || !/^[\x21\x23-\x5b\x5d-\x7e]{1,127}$/.test(kid)) {
    throw new AsRsKeysMalformed(`${where}, kid`, '1 to 127 visible ASCII characters, no quote, no backslash');
  }
  if (algorithm !== 'A256GCM' && algorithm !== 'A128GCM') {
    throw new AsRsKeysMalformed(`${where}, algorithm`, 'A256GCM or A128GCM');
  }
  const octets = typeof key === 'string' ? decodeBase64(key) : undefined;
  if (octets?.length !== keyLengths[algorithm]) {
    throw new AsRsKeysMalformed(`${where}, key`, `base64 of ${keyLengths[algorithm]} octets`);
  }
  return { kid, algorithm, key: octets };
}
