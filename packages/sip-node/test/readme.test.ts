/**
 * What the README of sip says is so: its programs, its errors, its folders.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

const readme = read('../../sip/README.md');
/** The rows of the table below a heading, split into cells; without the two lines of its head. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

it.each(['parse', 'build', 'proxy', 'register', 'call'])('%s.ts stands in the README as it is', (name) => {
  const blocks = readme.split('```').filter((block) => block.startsWith('ts\n'));
  expect(blocks.map((block) => block.slice('ts\n'.length))).toContain(read(`../examples/${name}.ts`));
});

it('every error is in the table, with its status code', () => {
  const source = read('../../sip/src/errors.ts');
  const declared = source.matchAll(/readonly code = '(?<code>\w+)';\s+readonly statusCode = (?<statusCode>\d+);/gu);
  const errors = [...declared].map(({ groups }) => [`\`${groups?.code}\``, groups?.statusCode]);
  const described = rowsOf('Errors').map(([code, statusCode]) => [code, statusCode]);
  expect(Object.fromEntries(described)).toEqual(Object.fromEntries(errors));
});

it('every folder in the table is there', () => {
  const named = rowsOf('RFCs').flatMap(([, , where = '']) => [...where.matchAll(/`(?<folder>[a-z-]+)`/gu)]);
  const folders = new Set(named.map(({ groups }) => groups?.folder ?? ''));
  for (const folder of folders)
    expect(existsSync(new URL(`../../sip/src/${folder}`, import.meta.url)), folder).toBe(true);
});
