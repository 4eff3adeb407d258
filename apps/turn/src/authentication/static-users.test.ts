import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { attributeType, encodePasswordAlgorithms, userHash } from '@wicgate/stun';
import { afterAll, describe, expect, it } from 'vitest';
import { AuthenticationBench, keyOf } from '../testing/authentication-bench.ts';
import { testRealm } from '../testing/test-server.ts';
import { TestFiles, testKeys } from '../testing/turn-access-keys.ts';
import { createStaticUser } from './static-users.ts';

const files = new TestFiles();
afterAll(() => files.remove());

const probe = createStaticUser('probe', testRealm, 'correct horse');
const users = files.write('users.json', [probe, createStaticUser('Ma\u0301ria', testRealm, 'a\u00a0b')]);
const only = { TURN_USERS_FILE: users, TURN_SECRET: undefined };
const sha256 = {
  'PASSWORD-ALGORITHM': encodePasswordAlgorithms(['SHA-256']),
  'PASSWORD-ALGORITHMS': encodePasswordAlgorithms(['SHA-256', 'MD5']),
};

describe('Static users', () => {
  const bench = new AuthenticationBench(only);

  it('[RFC 8489 9.2.2] are known by keys of MD5 and SHA-256', () => {
    const key = keyOf('probe', 'correct horse');
    expect(bench.authenticate(bench.request({ USERNAME: 'probe' }, { key }))).toMatchObject({ username: 'probe' });
    const strong = { key: keyOf('probe', 'correct horse', 'SHA-256'), hash: 'sha256' } as const;
    expect(bench.outcome(bench.request({ USERNAME: 'probe', ...sha256 }, strong))).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    { fault: 'a wrong password', username: 'probe', password: 'wrong' },
    { fault: 'an unknown name', username: 'prob', password: 'correct horse' },
    { fault: 'the name of an object member', username: 'constructor', password: '' },
    { fault: 'no name', username: '', password: 'correct horse' },
  ])('[RFC 8489 9.2.4] $fault gets 401', ({ username, password }) => {
    expect(bench.outcome(bench.request({ USERNAME: username }, { key: keyOf(username, password) }))).toBe('401');
  });

  it('[RFC 8489 9.2.4] USERHASH takes the place of the name, and the nonce cookie lets clients hide it', () => {
    const hash = userHash('probe', testRealm);
    const request = bench.request({ USERHASH: hash }, { key: keyOf('probe', 'correct horse') });
    expect(bench.outcome(request)).toBe(hash.toString('hex').slice(0, 32));
    expect(bench.challenge().get(attributeType.NONCE)?.toString()).toMatch(/^obMatJos2AAAD/);
  });

  it('[RFC 8265 4.2.2] names are prepared, composed or not', () => {
    const key = keyOf('M\u00e1ria', 'a b');
    const composed = bench.outcome(bench.request({ USERNAME: 'M\u00e1ria' }, { key }));
    expect(composed).toMatch(/^[0-9a-f]{32}$/);
    expect(bench.outcome(bench.request({ USERNAME: 'Ma\u0301ria' }, { key }))).toBe(composed);
    expect(bench.outcome(bench.request({ USERNAME: 'Maria' }, { key }))).toBe('401');
  });

  it('[X.5.3.1 c] are named by a digest, not by their name', () => {
    const request = bench.request({ USERNAME: 'probe' }, { key: keyOf('probe', 'correct horse') });
    expect(bench.outcome(request)).not.toContain('probe');
  });
});

describe('Files of credentials', () => {
  it.each([
    { fault: 'no JSON', content: '[', names: 'expected JSON' },
    { fault: 'no list', content: probe, names: 'TURN_USERS_FILE: expected a list [ … ] of entries' },
    { fault: 'an entry that is none', content: [probe, 'probe'], names: 'entry 2: expected username, md5 and sha256' },
    { fault: 'no key', content: [{ ...probe, md5: undefined }], names: 'entry 1, md5: expected 32 hexadecimal' },
    { fault: 'a name twice', content: [probe, probe], names: 'each name once' },
    { fault: 'a name that is not prepared', content: [{ ...probe, username: 'a\u00a0b' }], names: 'OpaqueString' },
    { fault: 'a key too short', content: [{ ...probe, md5: 'ab' }], names: 'entry 1, md5: expected 32' },
    { fault: 'a password', content: [{ ...probe, password: 'geheim' }], names: 'entry 1: expected username, md5' },
  ])('[RFC 8489 9.2.2] refuses users with $fault, names the setting and keeps the value', ({ content, names }) => {
    const call = (): unknown => new AuthenticationBench({ TURN_USERS_FILE: files.write('bad.json', content) });
    expect(call).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining(names) }),
    );
    expect(call).toThrow('TURN_USERS_FILE');
    expect(call).not.toThrow('geheim');
  });

  it('[RFC 7635 4.1] refuses a key file that is not as described, and names setting and entry', () => {
    const keys = files.keys(testKeys.map((key) => ({ ...key, kid: 'twice' })));
    expect(() => new AuthenticationBench({ TURN_OAUTH_KEYS_FILE: keys })).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG_INVALID',
        message: expect.stringContaining('TURN_OAUTH_KEYS_FILE: entry 2, kid'),
      }),
    );
  });
});

describe('The command that makes an entry', () => {
  const command = fileURLToPath(new URL('./add-user.ts', import.meta.url));

  async function addUser(args: readonly string[], input: string): Promise<{ out: string; code: number | null }> {
    const child = spawn(process.execPath, [command, ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
    const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
    child.stdin.end(input);
    return { out: await text(child.stdout), code: await exited };
  }

  it('[RFC 8489 9.2.2] reads the password from standard input', async () => {
    const { out, code } = await addUser(['probe', testRealm], 'correct horse\n');
    expect(JSON.parse(out)).toEqual(probe);
    expect(code).toBe(0);
  });

  it.each([
    { fault: 'no name', args: [], input: 'x\n' },
    { fault: 'no password', args: ['probe', testRealm], input: '' },
    { fault: 'a password of nothing', args: ['probe', testRealm], input: '\n' },
    { fault: 'a control character', args: ['probe', testRealm], input: 'a\tb\n' },
  ])('[RFC 8265 4.2.2] writes none for $fault', async ({ args, input }) => {
    expect(await addUser(args, input)).toEqual({ out: '', code: 1 });
  });
});
