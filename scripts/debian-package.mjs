/**
 * Programs that the tests need and Debian packages.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { run } from './workspace.mjs';

/**
 * Whether `program` is there: where it is missing, the package that holds it is installed, if this is Debian and root.
 *
 * @throws {Error} apt-get failed; it has said why.
 */
export function prepareProgram(program, debianPackage, env) {
  if (existsSync(program)) return true;
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return false;
  const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], quiet);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], quiet);
  return existsSync(program);
}
