import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type MediaTurn, type Results, runBenchmark } from './benchmark.ts';
import { EngineProcess } from './engine-process.ts';
import { type EngineName, prepareEngine } from './engines.ts';
import { findFreePort } from './find-free-port.ts';
import { mediaCases } from './media-case.ts';
import { type Plan, quickPlan } from './plan.ts';
import { formatReport } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'turn-bench-test-'));
const tinyPlan: Plan = { ...quickPlan, settleMs: 10, measureMs: 200, warmUpMs: 10, generators: 1, flows: 2, held: 20 };

afterAll(() => rmSync(folder, { recursive: true }));

describe('The benchmark of TURN servers', () => {
  it('[RFC 8656 11] [RFC 8656 12] relays every case, loses nothing, and holds allocations', async () => {
    const engines = [await start('builtin'), await start('bare')];
    try {
      const { turns, allocations } = await runBenchmark(engines, tinyPlan);
      expect(turns).toHaveLength(engines.length * mediaCases.length);
      for (const { lost, packetsPerSecond } of turns) {
        expect(lost).toBe(0);
        expect(packetsPerSecond).toBeGreaterThan(0);
      }
      expect(allocations.map(({ engine, count }) => [engine, count])).toEqual([
        ['builtin', 20],
        ['bare', 20],
      ]);
      for (const { after } of allocations) expect(after.residentOctets).toBeGreaterThan(1e6);
    } finally {
      await Promise.all(engines.map((engine) => engine.stop()));
    }
  });

  it('reports medians, ratios to coturn, and what was not relayed', () => {
    const [media] = mediaCases;
    if (media === undefined) throw new Error('expected a case');
    const turnOf = (engine: string, cpuMicrosecondsPerPacket: number): MediaTurn => ({
      engine,
      media,
      packetsPerSecond: 1_000,
      load: 0.5,
      cpuMicrosecondsPerPacket,
      lost: 0,
    });
    const turns = [turnOf('builtin', 9), turnOf('builtin', 90), turnOf('builtin', 6), turnOf('node-turn', Number.NaN)];
    const results: Results = { turns: [...turns, turnOf('coturn', 6)], allocations: [] };
    const lines = formatReport(results).map((line) => line.trim().split(/\s{2,}/u));
    expect(lines[1]).toEqual(['builtin', '9.00', '1.50', '1000', '50', '0.00']);
    expect(lines[2]).toEqual(['node-turn', 'none', 'none', '1000', '50', '0.00']);
    expect(lines[3]).toEqual(['coturn', '6.00', '1.00', '1000', '50', '0.00']);
  });
});

async function start(name: EngineName): Promise<EngineProcess> {
  const candidate = prepareEngine(name, { folder, port: await findFreePort() });
  if ('missing' in candidate) throw new Error(candidate.missing);
  return EngineProcess.start(candidate);
}
