/**
 * coturn's own client against our engine. Over UDP and TCP: for each TLS connection it takes a version by chance, and
 * hardly ever only those from 1.2 on, which we serve.
 *
 * @module
 */
import { execFile } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineProcess, realm, secret } from '../testing/engine-process.ts';
import { Stand } from '../testing/stand.ts';

const client = '/usr/bin/turnutils_uclient';

/** The keys that it brings for -J, cut to what their algorithms take. */
const clientKeys = [
  { kid: 'north', algorithm: 'A256GCM', key: Buffer.from('01234567890123456789012345678901').toString('base64') },
  { kid: 'union', algorithm: 'A128GCM', key: Buffer.from('1234567890123456').toString('base64') },
  { kid: 'oldempire', algorithm: 'A256GCM', key: Buffer.from('12345678901234567890123456789012').toString('base64') },
];

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

describe.skipIf(!existsSync(client))('turnutils_uclient', () => {
  const folder = mkdtempSync(join(tmpdir(), 'uclient-'));
  let server: EngineProcess;
  let echo: Socket;

  beforeAll(async () => {
    const keysFile = join(folder, 'keys.json');
    writeFileSync(keysFile, JSON.stringify(clientKeys), { mode: 0o600 });
    server = await EngineProcess.start('builtin', '', {
      TURN_REALM: realm,
      TURN_SECRET: secret,
      TURN_ALLOW_LOOPBACK_PEERS: 'true',
      TURN_OAUTH_KEYS_FILE: keysFile,
      TURN_OAUTH_KEYING: 'coturn',
    });
    echo = createSocket('udp4').bind({ port: 0, address: '127.0.0.1' });
    await once(echo, 'listening');
    echo.on('message', (data, { port, address }) => echo.send(data, port, address));
  });
  afterAll(async () => {
    await server.stop();
    echo.close();
    rmSync(folder, { recursive: true });
  });

  /**
   * One client that sends 5 messages through the relay and waits for their echo. By Send indications: its channels
   * have any number of RFC 5766, most of which RFC 8656 12 has taken away.
   */
  function run(port: number, ...options: readonly string[]): Promise<Outcome> {
    const peer = ['-e', '127.0.0.1', '-r', String(echo.address().port)];
    const args = [
      '-p',
      String(port),
      '-L',
      '127.0.0.1',
      ...peer,
      '-n',
      '5',
      '-m',
      '1',
      '-c',
      '-s',
      ...options,
      '127.0.0.1',
    ];
    return new Promise((resolve) => {
      const child = execFile(client, args, { timeout: 30_000 }, (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, output: stdout + stderr });
      });
    });
  }

  function credential(lifetimeSeconds = 600): readonly string[] {
    const { username, password } = new Stand(server).credential(lifetimeSeconds);
    return ['-u', username, '-w', password];
  }

  function expectRelayed({ code, output }: Outcome): void {
    expect(output).toContain('tot_recv_msgs=5');
    expect(code).toBe(0);
  }

  it.each([
    ['UDP', []],
    ['TCP', ['-t']],
  ])('[X.5.2.2-7] relays with a credential over %s', async (_way, options) => {
    expectRelayed(await run(server.port, ...credential(), ...options));
  });

  it('[X.5.3.2-8] relays with an access token, keyed as coturn does', async () => {
    expectRelayed(await run(server.port, '-J'));
  });

  it('[X.5.2.2-7] refuses an expired credential', async () => {
    const { code, output } = await run(server.port, ...credential(-1));
    expect(output).toContain('Cannot complete Allocation');
    expect(code).not.toBe(0);
  });
});
