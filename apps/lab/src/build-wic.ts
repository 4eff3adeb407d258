/**
 * Builds the WIC for the WWSF to serve, unless what is there is newer than all of its sources.
 *
 * @module
 */
import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { WicBuildFailed } from './errors.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const wic = join(root, 'apps', 'wic');
const sources = [wic, ...['sip', 'wic-sdk', 'wic-react'].map((name) => join(root, 'packages', name))];
const buildTimeoutMs = 120_000;
const generated = new Set(['dist', 'node_modules']);

/**
 * The folder of the built WIC.
 *
 * @throws {WicBuildFailed}
 */
export async function buildWic(): Promise<string> {
  const output = join(wic, 'dist', 'web');
  const built = statSync(join(output, 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built > Math.max(...sources.map(newest))) return output;
  try {
    // In a process of its own: the lab keeps none of the builder's memory.
    const vite = join(wic, 'node_modules', 'vite', 'bin', 'vite.js');
    const args = ['build', '--logLevel', 'error', '--outDir', output, '--emptyOutDir'];
    await promisify(execFile)(process.execPath, [vite, ...args], { cwd: wic, timeout: buildTimeoutMs });
  } catch (cause) {
    throw new WicBuildFailed('the WIC could not be built; run the build in apps/wic to see why', { cause });
  }
  return output;
}

/** The latest change below `path`, in milliseconds. */
function newest(path: string): number {
  const entries = readdirSync(path, { withFileTypes: true }).filter(({ name }) => !generated.has(name));
  const times = entries.map((entry) => {
    const below = join(path, entry.name);
    return entry.isDirectory() ? newest(below) : statSync(below).mtimeMs;
  });
  return Math.max(0, ...times);
}
