/**
 * What the README shows is so.
 *
 * @module
 */
import { expect, it } from 'vitest';
import { challenge } from '../examples/challenge.ts';
import program from '../examples/challenge.ts?raw';
import readme from '../README.md?raw';
import { MemoryStore } from './memory-store.ts';
import { keys } from './subscriber.ts';

it('its program stands in the README as it is', () => {
  expect(readme).toContain(`\`\`\`ts\n${program}\`\`\`\n`);
});

it('its program gives both ends the same password, once', async () => {
  const store = new MemoryStore();
  const random = (length: number): Uint8Array => new Uint8Array(length).fill(7);
  const first = await challenge(keys, store, random);
  expect(first.expected).toHaveLength(44);
  expect(first.answer).toEqual({ password: first.expected });
  const second = await challenge(keys, store, random);
  expect(second.answer).toEqual({ password: '', auts: expect.stringMatching(/^.{19}=$/u) });
});
