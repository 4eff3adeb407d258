import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { findFreePorts, LabProcess } from '../lab-process.ts';

let portBase: number;
let stateFolder: string;

test.beforeEach(async () => {
  portBase = await findFreePorts(16_000);
  stateFolder = mkdtempSync(join(tmpdir(), 'wicgate-start-'));
});

test.afterEach(() => rmSync(stateFolder, { recursive: true, force: true }));

test('[npm start] says where everything is, ends with ready, and stops within 5 s of SIGTERM', async () => {
  const lab = await LabProcess.start(portBase, stateFolder);
  expect(lab.output).toContain(`https://localhost:${portBase}`);
  expect(lab.output).toContain('alice-demo');
  expect(lab.output).toContain(join(stateFolder, 'certificates', 'ca.pem'));
  expect(lab.output.trimEnd().split('\n').at(-1)).toBe('ready');
  const health = await fetch(`http://127.0.0.1:${portBase + 11}/readyz`);
  expect(health.status).toBe(200);

  const { code, tookMs } = await lab.stop();
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(5_000);
});

test('[npm start] names the port that is taken, and says how to move', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(portBase + 2, '127.0.0.1', resolve));
  const lab = LabProcess.spawn(portBase, stateFolder);
  expect(await lab.exited()).toBe(1);
  expect(lab.log).toContain(`port ${portBase + 2} is already in use`);
  expect(lab.log).toContain('--port-base');
  await new Promise((resolve) => other.close(resolve));
});

test('[npm start] refuses --fresh on the folder of a running lab, on the same ports and on others, and removes nothing', async () => {
  const running = await LabProcess.start(portBase, stateFolder);
  const authority = readFileSync(join(stateFolder, 'certificates', 'ca.pem'), 'utf8');
  for (const base of [portBase, await findFreePorts(portBase + 200)]) {
    const second = LabProcess.spawn(base, stateFolder, ['--fresh']);
    expect(await second.exited()).toBe(1);
    expect(second.log).toContain(`ports from ${portBase}) is using this folder`);
    expect(second.log).not.toContain('at file:');
  }
  expect(readFileSync(join(stateFolder, 'certificates', 'ca.pem'), 'utf8')).toBe(authority);
  expect(existsSync(join(stateFolder, 'hss.sqlite'))).toBe(true);
  const health = await fetch(`http://127.0.0.1:${portBase + 11}/readyz`);
  expect(health.status).toBe(200);
  expect((await running.stop()).code).toBe(0);
});

test('[npm start] --fresh removes what the lab made and nothing else, and only once the ports are free', async () => {
  await (await LabProcess.start(portBase, stateFolder)).stop();
  writeFileSync(join(stateFolder, 'thesis.txt'), 'mine');
  const authority = readFileSync(join(stateFolder, 'certificates', 'ca.pem'), 'utf8');

  const other = createServer();
  await new Promise<void>((resolve) => other.listen(portBase + 11, '127.0.0.1', resolve));
  const refused = LabProcess.spawn(portBase, stateFolder, ['--fresh']);
  expect(await refused.exited()).toBe(1);
  expect(refused.log).toContain(`port ${portBase + 11} is already in use`);
  expect(readFileSync(join(stateFolder, 'certificates', 'ca.pem'), 'utf8')).toBe(authority);
  await new Promise((resolve) => other.close(resolve));

  await (await LabProcess.start(portBase, stateFolder, ['--fresh'])).stop();
  expect(readFileSync(join(stateFolder, 'certificates', 'ca.pem'), 'utf8')).not.toBe(authority);
  expect(readFileSync(join(stateFolder, 'thesis.txt'), 'utf8')).toBe('mine');
});

test('[npm start] refuses a folder of somebody else, and leaves it as it is', async () => {
  writeFileSync(join(stateFolder, 'thesis.txt'), 'mine');
  const lab = LabProcess.spawn(portBase, stateFolder, ['--fresh']);
  expect(await lab.exited()).toBe(1);
  expect(lab.log).toContain('expected an empty folder or one that a lab has made');
  expect(readdirSync(stateFolder)).toEqual(['thesis.txt']);
});

for (const [args, expected] of [
  [['--port-base', 'twelve'], '--port-base: expected a number'],
  [['--origin', 'http://example.com/path'], '--origin: expected scheme, host and port only'],
  [['--state', '/etc/hostname'], '--state: expected a folder that can be written'],
  [['--state', '/proc/x'], '--state: expected a folder that can be written'],
  [['--frsh'], "Unknown option '--frsh'"],
] as const) {
  test(`[npm start] refuses ${args.join(' ')} and shows the options`, async () => {
    const lab = LabProcess.spawn(portBase, stateFolder, args);
    expect(await lab.exited()).toBe(1);
    expect(lab.log).toContain(expected);
    expect(lab.log).toContain('--port-base N');
    expect(lab.log).not.toContain('at file:');
  });
}
