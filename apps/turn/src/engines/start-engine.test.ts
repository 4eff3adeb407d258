import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createProcessContext, Operations } from '@wicgate/node-kit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../config.ts';
import { answersBinding } from './binding-probe.ts';
import { type RunningTurnEngine, start } from './start-engine.ts';
import { EngineProcess, freePort, realm, secret } from './testing/engine-process.ts';

const isInstalled = existsSync('/usr/bin/turnserver');
const token = 'a token of at least thirty-two characters'.replaceAll(' ', '-');
const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

interface Started {
  readonly engine: RunningTurnEngine;
  readonly log: readonly string[];
  readonly port: number;
  readonly ask: (path: string, method?: string) => Promise<Response>;
}

/** In this process, with operations listening. */
async function startHere(settings: Readonly<Record<string, string>>): Promise<Started> {
  const [port, operationsPort] = [await freePort(), await freePort()];
  const operations = new Operations();
  const log: string[] = [];
  const context = createProcessContext('turn', { operations, level: 'info', write: (line) => log.push(line) });
  const config = readConfig({ TURN_PORT: String(port), TURN_REALM: realm, TURN_SECRET: secret, ...settings });
  const engine = await start(config, context);
  running.push(engine, operations);
  await operations.listen('127.0.0.1', operationsPort);
  const ask = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${operationsPort}${path}`, { method });
  return { engine, log, port, ask };
}

/** Files that a coturn of ours reads. */
function configurationFolders(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('wicgate-coturn-'));
}

/** Of the processes of this machine, the turnservers that listen where the port says. */
function commandLines(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map((pid) => readIfThere(`/proc/${pid}/cmdline`).replaceAll('\0', ' '))
    .filter((line) => line.includes('wicgate-coturn-'));
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Ends the coturn that reads what is in the folder, as a crash would. */
function crash(folder: string): void {
  process.kill(Number(readFileSync(`${tmpdir()}/${folder}/pid`, 'utf8')), 'SIGKILL');
}

async function startAndFind(
  settings: Readonly<Record<string, string>>,
): Promise<Started & { readonly folder: string }> {
  const before = configurationFolders();
  const started = await startHere(settings);
  // Other tests may start one at the same time: ours is the one with our port.
  const folder = configurationFolders().find(
    (name) =>
      !before.includes(name) &&
      readIfThere(`${tmpdir()}/${name}/turnserver.conf`).includes(`listening-port=${started.port}\n`),
  );
  if (folder === undefined) throw new Error('expected a folder of coturn');
  return { ...started, folder };
}

describe.skipIf(!isInstalled)('TURN_ENGINE=coturn', () => {
  it('keeps Km off the command line and the log, and removes the file that holds it', async () => {
    const { engine, folder, log } = await startAndFind({ TURN_ENGINE: 'coturn' });
    const shown = [...commandLines(), ...log].join('\n');
    expect(shown).toContain(folder);
    expect(shown).not.toContain(secret);
    await engine.stop();
    expect(configurationFolders()).not.toContain(folder);
  });

  it('starts it again when it has ended, and is not ready meanwhile', async () => {
    const { folder, log, port, ask } = await startAndFind({ TURN_ENGINE: 'coturn' });
    expect((await ask('/readyz')).status).toBe(200);
    crash(folder);
    await vi.waitFor(async () => expect((await ask('/readyz')).status).toBe(503), { timeout: 5_000, interval: 10 });
    await vi.waitFor(async () => expect((await ask('/readyz')).status).toBe(200), { timeout: 10_000, interval: 50 });
    expect(await answersBinding('127.0.0.1', port)).toBe(true);
    const ended = log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(ended).toContainEqual(
      expect.objectContaining({ event: 'turn.engine.ended', level: 'error', effect: expect.any(String) }),
    );
  });

  it('leaves nothing behind when this process is killed', async () => {
    const killed = await EngineProcess.start('coturn', '', { TURN_REALM: realm, TURN_SECRET: secret });
    expect(await killed.isAlive()).toBe(true);
    const folder = configurationFolders().find((name) =>
      readIfThere(`${tmpdir()}/${name}/turnserver.conf`).includes(`listening-port=${killed.port}\n`),
    );
    await killed.stop('SIGKILL');
    await vi.waitFor(async () => expect(await answersBinding('127.0.0.1', killed.port)).toBe(false), {
      timeout: 5_000,
    });
    await vi.waitFor(() => expect(commandLines().filter((line) => line.includes(folder ?? '/'))).toEqual([]), {
      timeout: 5_000,
    });
    expect(configurationFolders()).not.toContain(folder);
  });

  it('answers the calls of operators with 501 and why, and only where there is a token for them', async () => {
    const { ask, log } = await startHere({ TURN_ENGINE: 'coturn', TURN_OPERATOR_TOKEN: token });
    const answer = await ask('/turn/revocations', 'POST');
    expect(answer.status).toBe(501);
    expect(await answer.json()).toEqual({ error: expect.stringContaining('TURN_ENGINE=builtin can') });
    expect(log.join('\n')).toContain('"setting":"TURN_OPERATOR_TOKEN"');
    const without = await startHere({ TURN_ENGINE: 'coturn' });
    expect((await without.ask('/turn/drain', 'POST')).status).toBe(404);
  });

  it.each([
    { TURN_SECRET_HASH: 'sha256' },
    { TURN_ALLOWED_PEERS: '10.0.0.0/8', TURN_DENIED_PEERS: '10.1.0.0/16' },
    { TURN_SECRET: ' a secret that begins and ends with a space ' },
    { TURN_PORT: '0' },
  ])('refuses to start with what coturn cannot do: %o', async (settings) => {
    const [setting] = Object.keys(settings).toReversed();
    await expect(startHere({ TURN_ENGINE: 'coturn', ...settings })).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining(setting ?? ''),
    });
  });

  it('says which port is taken', async () => {
    const socket = createSocket('udp4').bind({ port: 0, address: '127.0.0.1' });
    await once(socket, 'listening');
    const { port } = socket.address();
    await expect(startHere({ TURN_ENGINE: 'coturn', TURN_PORT: String(port) })).rejects.toMatchObject({
      code: 'ERR_ADDRESS_IN_USE',
      port,
    });
    socket.close();
  });
});

describe('an engine that is not there', () => {
  it('is told from one that is: coturn is not installed', async () => {
    vi.stubEnv('PATH', '/nowhere');
    await expect(startHere({ TURN_ENGINE: 'coturn' })).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining('coturn is not installed'),
    });
  });
});

describe('TURN_ENGINE=node-turn', () => {
  it('is refused in production', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    await expect(startHere({ TURN_ENGINE: 'node-turn' })).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining('expected builtin or coturn in production'),
    });
  });

  it('says that it is for comparison, and names the settings that it does not honour', async () => {
    const { log } = await startHere({ TURN_ENGINE: 'node-turn', TURN_USER_QUOTA: '2' });
    expect(log.join('\n')).toContain('for comparison only');
    expect(log.join('\n')).toContain('"setting":"TURN_USER_QUOTA"');
  });

  it('is ended with this process, killed or not', async () => {
    const killed = await EngineProcess.start('node-turn', '', { TURN_REALM: realm, TURN_SECRET: secret });
    await killed.stop('SIGKILL');
    await vi.waitFor(async () => expect(await answersBinding('127.0.0.1', killed.port)).toBe(false), {
      timeout: 5_000,
    });
  });
});
