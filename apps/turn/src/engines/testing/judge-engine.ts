/**
 * The tests of one engine: every case, each on a server that is alive, as passed or as known to fail.
 *
 * A title says which engine it is about. Only those of our own engine have their clause in brackets: what others do
 * shows nothing about us.
 *
 * @module
 */
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { EngineName } from '../engine-name.ts';
import { engineCases } from './cases.ts';
import type { EngineCase } from './engine-case.ts';
import { EngineServers } from './engine-servers.ts';
import { knownDefect } from './known-defects.ts';
import { Stand } from './stand.ts';

/** A case that is known to fail is not waited for as long: it may be an answer that never comes. */
const patienceMs = { passes: 10_000, fails: 600 };

/** `skipped`: why the engine cannot be judged here; undefined: it can. */
export function judgeEngine(engine: EngineName, skipped: string | undefined): void {
  describe(`TURN engine ${engine}:`, () => {
    const servers = new EngineServers(engine);
    beforeAll(() => (skipped === undefined ? servers.prepare() : undefined));
    afterAll(() => servers.stop());

    for (const engineCase of engineCases) {
      const defect = knownDefect(engine, engineCase.says);
      const judge = skipped === undefined ? (defect === undefined ? it : it.fails) : it.skip;
      const title = titleOf(engine, engineCase);
      judge(defect === undefined ? title : `${title} – fails: ${defect}`, async () => {
        const stand = new Stand(await servers.alive(engineCase.profile ?? 'open'));
        try {
          await within(defect === undefined ? patienceMs.passes : patienceMs.fails, engineCase.run(stand));
        } finally {
          stand.close();
        }
      });
    }
  });
}

function titleOf(engine: EngineName, { clause, says }: EngineCase): string {
  return engine === 'builtin' ? `[${clause}] ${says}` : `(${clause}) ${says}`;
}

async function within(ms: number, run: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${ms} ms`)), ms);
  });
  await Promise.race([run, late]).finally(() => clearTimeout(timer));
}
