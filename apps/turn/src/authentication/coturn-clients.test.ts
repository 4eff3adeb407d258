import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createProcessContext, Operations } from '@wicgate/node-kit';
import { type AsRsKey, createTurnCredential } from '@wicgate/turn-credentials';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { type RunningTurnServer, start } from '../server.ts';
import { testRealm, testSecret } from '../testing/test-server.ts';
import { TestFiles } from '../testing/turn-access-keys.ts';

const program = '/usr/bin/turnutils_uclient';
const why = 'turnutils_uclient (package coturn) is not installed';

/** Those that the program has built in and takes one of, at random, for each token it makes. */
const builtInKeys: readonly AsRsKey[] = [
  { kid: 'north', algorithm: 'A256GCM', key: Buffer.from('01234567890123456789012345678901') },
  { kid: 'union', algorithm: 'A128GCM', key: Buffer.from('1234567890123456') },
  { kid: 'oldempire', algorithm: 'A256GCM', key: Buffer.from('12345678901234567890123456789012') },
];

describe.skipIf(!existsSync(program))(`The client of coturn (else: ${why})`, { timeout: 60_000 }, () => {
  const files = new TestFiles();
  const echo = createSocket('udp4');
  const log: string[] = [];
  let server: RunningTurnServer;

  beforeAll(async () => {
    echo.on('message', (octets, { address, port }) => echo.send(octets, port, address));
    echo.bind(0, '127.0.0.1');
    await once(echo, 'listening');
    const config = readConfig({
      TURN_PORT: '0',
      TURN_REALM: testRealm,
      TURN_SECRET: testSecret,
      TURN_OAUTH_KEYS_FILE: files.keys(builtInKeys),
      TURN_OAUTH_KEYING: 'coturn',
      TURN_ALLOW_LOOPBACK_PEERS: 'true',
    });
    const write = (line: string): number => log.push(line);
    server = await start(config, createProcessContext('turn', { operations: new Operations(), level: 'info', write }));
  });
  afterAll(async () => {
    await server.stop();
    echo.close();
    files.remove();
  });

  /** Its exit code, and what it said. Two messages go to the echo and back, in Send and Data indications. */
  function uclient(...flags: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
    const ports = ['-p', String(server.address.port), '-r', String(echo.address().port)];
    const args = ['-s', '-c', '-n', '2', '-m', '1', '-L', '127.0.0.1', '-e', '127.0.0.1', ...ports, ...flags];
    return new Promise((resolve) => {
      execFile(program, [...args, '127.0.0.1'], { timeout: 50_000 }, (error, stdout, stderr) => {
        resolve({
          code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
          said: stdout + stderr,
        });
      });
    });
  }

  function credential(): readonly string[] {
    const expiresAtSeconds = Math.floor(Date.now() / 1_000) + 600;
    const random = (length: number): Uint8Array => randomBytes(length);
    const { username, password } = createTurnCredential({ key: Buffer.from(testSecret), expiresAtSeconds, random });
    return ['-u', username, '-w', password];
  }

  it.concurrent.each([
    { transport: 'UDP', flags: [] },
    { transport: 'TCP', flags: ['-t'] },
  ])('[X.5.2.2-6] [X.5.2.2-8] relays over $transport with a credential of X.5.2', async ({ flags }) => {
    const { code, said } = await uclient(...flags, ...credential());
    expect(said).toContain('Total lost packets 0 ');
    expect(code).toBe(0);
  });

  it.concurrent('[X.5.2.2-6] with a wrong password gets no allocation', async () => {
    const [user = '', name = ''] = credential();
    const { code, said } = await uclient(user, name, '-w', 'wrong');
    expect(said).toContain('Cannot complete Allocation');
    expect(code).not.toBe(0);
  });

  it.concurrent.each([1, 2, 3])(
    '[X.5.3.1 a] [TURN server 4] [RFC 7635 4] relays with tokens of its own, time %d',
    async () => {
      const { code, said } = await uclient('-J');
      expect(said).toContain('Total lost packets 0 ');
      expect(code).toBe(0);
      const created = log.filter((line) => line.includes('turn.allocation.created'));
      expect(created.join()).toMatch(/"tid":"[0-9a-f]{32}"/);
    },
  );
});
