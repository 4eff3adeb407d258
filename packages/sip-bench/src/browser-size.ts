/**
 * What @wicgate/sip weighs in the browser: a bundle of all that packages/wic-sdk imports from it, and no more.
 *
 * @module
 */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const importOfSip = /import\s*\{([^}]*)\}\s*from '@wicgate\/sip'/gu;
const entry = '\0entry';

export interface BrowserSize {
  readonly names: number;
  readonly minified: number;
  readonly gzipped: number;
}

export async function browserSize(): Promise<BrowserSize> {
  const names = importedNames();
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) =>
          id === entry ? `export { ${names.join(', ')} } from '${root}packages/sip/src/index.ts';` : undefined,
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  const code = output[0].code;
  return { names: names.length, minified: code.length, gzipped: gzipSync(code, { level: 9 }).length };
}

/** The values, types left out, that the SDK's own files import; tests and fakes are not shipped. */
function importedNames(): readonly string[] {
  const names = new Set<string>();
  const files = globSync('packages/wic-sdk/src/**/*.ts', { cwd: root });
  for (const file of files.filter((name) => !/\.test\.ts$|\/testing[./]/u.test(name))) {
    for (const [, list = ''] of readFileSync(`${root}${file}`, 'utf8').matchAll(importOfSip)) {
      for (const name of list.split(',').map((item) => item.trim())) {
        if (name !== '' && !name.startsWith('type ')) names.add(name.split(' ')[0] ?? '');
      }
    }
  }
  return [...names].toSorted((a, b) => a.localeCompare(b));
}
