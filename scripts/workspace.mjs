/**
 * The workspace out of nothing but Node 18 or later and npm: Node 24 where the machine's is older, then what
 * the lock file names. Runs under Node 18, so it is plain JavaScript.
 *
 * @module
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const nodeVersion = '24.21.0';

/**
 * Installs what is missing and returns the environment to run programs of the workspace in. All output goes to
 * standard error.
 *
 * @throws {Error} npm or pnpm failed; they have said why.
 */
export function prepareWorkspace() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const env = { ...process.env, npm_config_yes: 'true', npm_config_update_notifier: 'false' };
  if (Number(process.versions.node.split('.')[0]) < 24) env.PATH = nodeFolder(env) + delimiter + env.PATH;
  run('npx', ['--yes', '--prefer-offline', packageManager, 'install', '--frozen-lockfile', '--prefer-offline'], env);
  return env;
}

/** The folder of a Node 24 binary, which an npm package carries; kept in a folder that git ignores. */
function nodeFolder(env) {
  const home = join(root, '.cache', 'node');
  const carrier = `node-${process.platform}-${process.arch}`;
  const folder = join(home, 'node_modules', carrier, 'bin');
  if (!existsSync(folder)) {
    run('npm', ['install', '--prefix', home, '--no-save', '--no-audit', '--no-fund', `${carrier}@${nodeVersion}`], env);
  }
  return folder;
}

/** Runs a command to its end. @throws {Error} it failed. */
export function run(command, args, env) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2], cwd: root, env });
  if (status !== 0)
    throw new Error(`${command} ${args.slice(0, 3).join(' ')}: ${error?.message ?? `exit code ${status}`}`);
}

/**
 * Runs a command and resolves with its exit code. Signals are handed on: npx, pnpm and their shells would not.
 */
export function runForwardingSignals(command, args, env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', cwd: root, env });
    const signals = ['SIGINT', 'SIGTERM'];
    const forward = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    child.on('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(1);
    });
    child.on('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? (signal === null ? 0 : 1));
    });
  });
}
