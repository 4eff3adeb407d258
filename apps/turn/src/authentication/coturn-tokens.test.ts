import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { type AsRsKey, decodeBase64, encodeBase64, readTurnAccessToken } from '@wicgate/turn-credentials';
import { describe, expect, it } from 'vitest';
import { testAccess } from '../testing/turn-access-keys.ts';

const run = promisify(execFile);
const program = '/usr/bin/turnutils_oauth';
const why = 'turnutils_oauth (package coturn) is not installed';

const serverName = 'ims.example';
const nowMs = 1_000 * Math.floor(Date.now() / 1_000);
const keys: readonly AsRsKey[] = [
  { kid: 'north', algorithm: 'A256GCM', key: Buffer.from('12345678901234567890123456789012') },
  { kid: 'union', algorithm: 'A128GCM', key: Buffer.from('1234567890123456') },
];
const macKey = 'kkkkkkkkkkkkkkkkkkkk';

function flags({ kid, algorithm, key }: AsRsKey, name = serverName): string[] {
  const validFrom = String(nowMs / 1_000 - 10);
  return ['-i', name, '-j', kid, '-k', encodeBase64(key), '-l', validFrom, '-m', '7200', '-n', algorithm];
}

describe.skipIf(!existsSync(program))(`Tokens of coturn and ours (else: ${why})`, () => {
  it.each(keys)('[TURN server 4] [RFC 7635 6.2] we read its token under $algorithm', async (asRsKey) => {
    const content = ['-p', Buffer.from(macKey).toString('base64'), '-q', String((BigInt(nowMs) / 1_000n) << 16n)];
    const nonce = Buffer.from('abcdefghijkl').toString('base64');
    const { stdout } = await run(program, ['-e', ...flags(asRsKey), ...content, '-r', '600', '-o', nonce]);
    const { access_token: token } = JSON.parse(stdout) as { access_token: string };
    const read = readTurnAccessToken(decodeBase64(token) ?? new Uint8Array(), { asRsKey, serverName, nowMs });
    expect(read).toMatchObject({ issuedAtMs: nowMs, lifetimeSeconds: 600 });
    expect(Buffer.from(read.macKey).toString()).toBe(macKey);
  });

  it.each(keys)('[WAF 6] [X.5.3.1 a] [RFC 7635 6.2] it reads our token under $algorithm', async (asRsKey) => {
    const access = testAccess({ asRsKey, serverName, issuedAtMs: nowMs });
    const token = encodeBase64(access.accessToken);
    const { stdout } = await run(program, ['-d', '-v', ...flags(asRsKey), '-t', token], { encoding: 'buffer' });
    expect(stdout.includes('Valid token')).toBe(true);
    expect(stdout.includes('lifetime: 600')).toBe(true);
    expect(stdout.includes('mac key length: 20')).toBe(true);
  });

  it.each(keys)('[RFC 7635 6.2] it refuses our token under $algorithm for another server', async (asRsKey) => {
    const token = encodeBase64(testAccess({ asRsKey, serverName, issuedAtMs: nowMs }).accessToken);
    await expect(run(program, ['-d', ...flags(asRsKey, 'other.example'), '-t', token])).rejects.toThrow();
  });
});
