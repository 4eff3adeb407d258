/**
 * Keys and access tokens of RFC 7635 for tests, and files for the configuration.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AsRsKey, createTurnAccess, encodeBase64, type TurnAccess } from '@wicgate/turn-credentials';
import { testRealm } from './test-server.ts';

export const testKeys: readonly AsRsKey[] = [
  { kid: 'k256', algorithm: 'A256GCM', key: Buffer.alloc(32, 1) },
  { kid: 'k128', algorithm: 'A128GCM', key: Buffer.alloc(16, 2) },
];

export interface AccessOptions {
  readonly issuedAtMs: number;
  readonly asRsKey?: AsRsKey | undefined;
  readonly serverName?: string;
  readonly lifetimeSeconds?: number;
  readonly macKeyLength?: number;
}

/** For the realm as server name, and 600 seconds, unless told otherwise. */
export function testAccess({ asRsKey = testKeys[0], ...options }: AccessOptions): TurnAccess {
  if (asRsKey === undefined) throw new TypeError('asRsKey: expected a key');
  const random = (length: number): Uint8Array => randomBytes(length);
  return createTurnAccess({ asRsKey, serverName: testRealm, lifetimeSeconds: 600, random, ...options });
}

/** Files of a test, in a folder of their own. */
export class TestFiles {
  readonly #folder = mkdtempSync(join(tmpdir(), 'turn-'));

  /** The path of a file with that content, JSON unless it is text already. */
  write(name: string, content: unknown): string {
    const path = join(this.#folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  keys(keys: readonly AsRsKey[] = testKeys): string {
    return this.write(
      'keys.json',
      keys.map(({ kid, algorithm, key }) => ({ kid, algorithm, key: encodeBase64(key) })),
    );
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
