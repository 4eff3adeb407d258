import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@wicgate/node-kit';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type ChildProgram, leashed } from './child-program.ts';
import { Supervisor } from './supervisor.ts';

const log = createLogger('turn', 'silent');

function shell(script: string): ChildProgram {
  return { command: '/bin/sh', args: ['-c', script], input: '' };
}

/** Of a program that runs, whatever it answers. Stops when the test ends. */
async function startHanging(script = 'exec sleep 100'): Promise<{
  readonly supervisor: Supervisor;
  readonly engine: { answers: () => Promise<boolean> };
  /** Of its log, from info up. */
  readonly events: readonly string[];
}> {
  const events: string[] = [];
  const engine = { answers: async (): Promise<boolean> => true };
  const supervisor = await Supervisor.start({
    engine: 'other',
    prepare: () => shell(script),
    answers: () => engine.answers(),
    pulseMs: 10,
    log: createLogger('turn', 'info', (line) => events.push(JSON.parse(line).event)),
  });
  onTestFinished(() => supervisor.stop());
  return { supervisor, engine, events };
}

describe('Supervisor', () => {
  it('says how a program ended that never answered, and what it said last', async () => {
    const prepare = (): ChildProgram => shell('echo no such certificate; exit 3');
    const start = Supervisor.start({ engine: 'other', prepare, answers: async () => false, log });
    await expect(start).rejects.toMatchObject({ code: 'ERR_TURN_ENGINE_NOT_STARTED' });
    await expect(start).rejects.toThrow(/exit code 3[\s\S]*no such certificate/u);
  });

  it('says so where there is no such program', async () => {
    const prepare = (): ChildProgram => ({ command: '/nowhere/turnserver', args: [], input: '' });
    const start = Supervisor.start({ engine: 'other', prepare, answers: async () => false, log });
    await expect(start).rejects.toThrow('not started: ENOENT');
  });

  it('prepares and starts a program again, and ends one that ignores SIGTERM within the time', async () => {
    let starts = 0;
    const prepare = (): ChildProgram => {
      starts += 1;
      return shell(starts === 1 ? 'sleep 0.1' : "trap '' TERM; while true; do sleep 0.1; done");
    };
    const supervisor = await Supervisor.start({ engine: 'other', prepare, answers: async () => true, log });
    await vi.waitFor(() => expect(starts).toBe(2), { timeout: 5_000 });
    await vi.waitFor(() => expect(supervisor.isReady).toBe(true), { timeout: 5_000 });
    const before = Date.now();
    await supervisor.stop();
    expect(Date.now() - before).toBeLessThan(4_500);
    expect(supervisor.isReady).toBe(false);
  });

  it('[operation] is not ready while the program runs and does not answer, is again when it does, and says both', async () => {
    const { supervisor, engine, events } = await startHanging();
    engine.answers = async () => false;
    await vi.waitFor(() => expect(supervisor.isReady).toBe(false), { timeout: 5_000 });
    engine.answers = async () => true;
    await vi.waitFor(() => expect(supervisor.isReady).toBe(true), { timeout: 5_000 });
    expect(events).toEqual(['turn.engine.silent', 'turn.engine.answers_again']);
    await supervisor.stop();
    expect(supervisor.isReady).toBe(false);
  });

  it('[operation] two answers that do not come change nothing', async () => {
    const { supervisor, engine, events } = await startHanging();
    let asked = 0;
    engine.answers = async () => {
      asked += 1;
      return asked % 3 === 0;
    };
    await vi.waitFor(() => expect(asked).toBeGreaterThan(12), { timeout: 5_000 });
    expect(events).toEqual([]);
    expect(supervisor.isReady).toBe(true);
  });

  it('[operation] a program that ends while it is asked is not waited for', async () => {
    const { supervisor, engine, events } = await startHanging('sleep 0.3');
    const late = Promise.withResolvers<boolean>();
    onTestFinished(() => late.resolve(false));
    engine.answers = () => {
      engine.answers = async () => false;
      return late.promise;
    };
    await vi.waitFor(() => expect(events).toEqual(['turn.engine.ended']), { timeout: 5_000 });
    late.resolve(true);
    await late.promise;
    expect(supervisor.isReady).toBe(false);
  });

  it('tries again where a program that ended cannot be prepared for a while', async () => {
    let starts = 0;
    const prepare = (): ChildProgram => {
      starts += 1;
      if (starts === 2) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      return shell(starts === 1 ? 'sleep 0.1' : 'sleep 100');
    };
    const supervisor = await Supervisor.start({ engine: 'other', prepare, answers: async () => starts !== 2, log });
    await vi.waitFor(() => expect([starts, supervisor.isReady]).toEqual([3, true]), { timeout: 5_000 });
    await supervisor.stop();
  });

  it('hands SIGTERM on through the leash, and knows how the program ended', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'supervisor-test-'));
    const sign = join(folder, 'begun');
    const prepare = (): ChildProgram => leashed('/bin/sh', ['-c', `touch '${sign}'; exec sleep 100`], '');
    // One that has not begun yet may miss the signal; it is killed after 2 s.
    const supervisor = await Supervisor.start({ engine: 'other', prepare, answers: async () => existsSync(sign), log });
    const before = Date.now();
    await supervisor.stop();
    expect(Date.now() - before).toBeLessThan(2_000);
    rmSync(folder, { recursive: true });
  });
});
