import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPool } from './pool-file.ts';
import { findPool } from './pool-pattern.ts';

describe('the pool as an operator writes it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wwsf-test-'));
  const file = join(folder, 'pool.json');

  afterAll(() => rmSync(folder, { recursive: true }));

  it('[X.4.2.1] has a single IMPU with each IMPI', () => {
    expect(findPool('guest-008..011@ims.example')).toEqual({
      kind: 'pairs',
      pairs: ['008', '009', '010', '011'].map((number) => ({
        impi: `guest-${number}@ims.example`,
        impu: `sip:guest-${number}@ims.example`,
      })),
    });
  });

  it('[X.4.2.1] may be an open range', () => {
    expect(findPool('guest-*@ims.example')).toEqual({ kind: 'range', prefix: 'guest-', suffix: '@ims.example' });
  });

  it.each([
    '',
    'guest@ims.example',
    'guest-001..020',
    'guest-002..001@ims.example',
    'guest-0..100000@ims.example',
    'guest-1..9999999999@ims.example',
    '*@ims.example',
    'guest-*-*@ims.example',
    'guest *@ims.example',
    'guest-1..2@ims example',
    `guest-${'x'.repeat(100_000)}1..2@ims.example`,
  ])('[X.4.2.1] is not %j', (text) => {
    expect(findPool(text)).toBeUndefined();
  });

  it('[X.4.2.1] may be a list of pairs in a file, whose IMPUs follow no pattern', () => {
    const pairs = [
      { impi: 'a@ims.example', impu: 'tel:+15550101' },
      { impi: 'b@ims.example', impu: 'sip:desk@ims.example' },
    ];
    writeFileSync(file, JSON.stringify(pairs));
    expect(readPool({ WWSF_POOL: undefined, WWSF_POOL_FILE: file })).toEqual({ kind: 'pairs', pairs });
  });

  const pair = { impi: 'a@ims.example', impu: 'sip:a@ims.example' };
  it.each([
    [],
    {},
    'hunter2',
    [{ ...pair, password: 'hunter2' }],
    [{ impi: 'a@ims.example' }],
    [{ ...pair, impu: 'mailto:a@ims.example' }],
    [pair, { ...pair, impi: 'b@ims.example' }],
    [pair, { ...pair, impu: 'sip:b@ims.example' }],
  ])('[X.4.2.1] a file must hold each identity once, in pairs: %j', (content) => {
    writeFileSync(file, JSON.stringify(content));
    const read = (): unknown => readPool({ WWSF_POOL: undefined, WWSF_POOL_FILE: file });
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
    expect(read).toThrow('WWSF_POOL_FILE');
    expect(read).not.toThrow('hunter2');
  });

  it('[operation] is given in one way only', () => {
    const read = (): unknown => readPool({ WWSF_POOL: 'guest-1..2@ims.example', WWSF_POOL_FILE: file });
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
  });
});
