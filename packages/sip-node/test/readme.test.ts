/**
 * What the READMEs of sip and sip-node say is so: their programs, their errors, their folders.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

const readme = read('../../sip/README.md');
const nodeReadme = read('../README.md');

/** The rows of the table below a heading, split into cells; without the two lines of its head. */
function rowsOf(heading: string, text: string = readme): readonly (readonly string[])[] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function blocksOf(text: string): readonly string[] {
  const blocks = text.split('```').filter((block) => block.startsWith('ts\n'));
  return blocks.map((block) => block.slice('ts\n'.length));
}

it.each(['parse', 'build', 'proxy', 'register', 'registrar', 'call', 'answer'])(
  '%s.ts stands in the README as it is',
  (name) => {
    expect(blocksOf(readme)).toContain(read(`../examples/${name}.ts`));
  },
);

it('endpoint.ts stands in the README of sip-node as it is', () => {
  expect(blocksOf(nodeReadme)).toEqual([read('../examples/endpoint.ts')]);
});

it.each([
  ['sip', readme, '../../sip/src/errors.ts'],
  ['sip-node', nodeReadme, '../src/errors.ts'],
])('every error of %s is in the table, with its status code', (_, text, path) => {
  const declared = read(path).matchAll(/readonly code = '(?<code>\w+)';\s+readonly statusCode = (?<statusCode>\d+);/gu);
  const errors = [...declared].map(({ groups }) => [`\`${groups?.code}\``, groups?.statusCode]);
  const described = rowsOf('Errors', text).filter(([code = '']) => code.startsWith('`ERR_'));
  expect(Object.fromEntries(described.map(([code, statusCode]) => [code, statusCode]))).toEqual(
    Object.fromEntries(errors),
  );
});

it('every reason of ERR_SIP_FLOW_ENDED is in the table', () => {
  const union = read('../src/errors.ts').split('type FlowEndReason =')[1]?.split(';')[0] ?? '';
  const declared = [...union.matchAll(/\| '(?<reason>[^']+)'/gu)].map(({ groups }) => groups?.reason);
  const described = rowsOf('Errors', nodeReadme).map(([reason = '']) => reason.replaceAll('`', ''));
  expect(described).toEqual(expect.arrayContaining(declared));
  expect(declared.length).toBeGreaterThan(0);
});

it('every folder in the table is there', () => {
  const named = rowsOf('RFCs').flatMap(([, , where = '']) => [...where.matchAll(/`(?<folder>[a-z-]+)`/gu)]);
  const folders = new Set(named.map(({ groups }) => groups?.folder ?? ''));
  for (const folder of folders)
    expect(existsSync(new URL(`../../sip/src/${folder}`, import.meta.url)), folder).toBe(true);
});
