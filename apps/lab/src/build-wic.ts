/**
 * Builds the WIC for the WWSF to serve, unless what is there is newer than all of its sources.
 *
 * @module
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { WicBuildFailed } from './errors.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const wic = join(root, 'apps', 'wic');
const sources = [wic, ...['sip', 'wic-sdk', 'wic-react'].map((name) => join(root, 'packages', name))];
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
    await build({ root: wic, logLevel: 'error', build: { outDir: output, emptyOutDir: true } });
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
