/**
 * Builds the pages that the lab serves, unless what is there is newer than all of its sources.
 *
 * @module
 */
import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PageBuildFailed } from './errors.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const buildTimeoutMs = 120_000;
const generated = new Set(['dist', 'node_modules', '.cache']);

/** Each page with the packages that it is made of. */
const packagesOf = {
  wic: ['sip', 'aka', 'wic-sdk', 'wic-react'],
  isim: ['aka'],
} as const;

/** Folders of the built pages. */
export type Pages = Readonly<Record<keyof typeof packagesOf, string>>;

/** One after the other: two builds at once take longer. @throws {PageBuildFailed} */
export async function buildPages(): Promise<Pages> {
  const wic = await buildPage('wic');
  return { wic, isim: await buildPage('isim') };
}

async function buildPage(name: keyof Pages): Promise<string> {
  const app = join(root, 'apps', name);
  const output = join(app, 'dist', 'web');
  const built = statSync(join(output, 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = [app, ...packagesOf[name].map((each) => join(root, 'packages', each))];
  if (built > Math.max(...sources.map(newest))) return output;
  try {
    // In a process of its own: the lab keeps none of the builder's memory.
    const vite = join(app, 'node_modules', 'vite', 'bin', 'vite.js');
    const args = ['build', '--logLevel', 'error', '--outDir', output, '--emptyOutDir'];
    await promisify(execFile)(process.execPath, [vite, ...args], { cwd: app, timeout: buildTimeoutMs });
  } catch (cause) {
    throw new PageBuildFailed(`the page could not be built; run the build in apps/${name} to see why`, { cause });
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
