import { expect, it } from 'vitest';
import { z } from 'zod';
import { fileAt, readEnvironment } from './configuration.ts';

const schema = z.object({
  WAF_PORT: z.coerce.number().int().min(1).max(65_535).default(8_444),
  WAF_SECRET: z.string().min(32),
  WAF_KEY_FILE: fileAt('a key'),
});

it('[configuration] reads, fills in defaults and freezes', () => {
  const config = readEnvironment(schema, { WAF_SECRET: 'x'.repeat(32), WAF_KEY_FILE: import.meta.filename });
  expect(config).toMatchObject({ WAF_PORT: 8_444 });
  expect(Object.isFrozen(config)).toBe(true);
});

it('[configuration] names every variable at fault and never repeats a value', () => {
  const env = { WAF_PORT: '70000', WAF_SECRET: 'too-short-secret', WAF_KEY_FILE: '/nowhere/key.pem' };
  expect(() => readEnvironment(schema, env)).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringMatching(/WAF_PORT:.*\nWAF_SECRET:.*\nWAF_KEY_FILE:/u),
    }),
  );
  expect(() => readEnvironment(schema, env)).not.toThrow(/too-short-secret|70000|nowhere/u);
});
