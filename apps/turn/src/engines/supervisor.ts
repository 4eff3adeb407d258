/**
 * Keeps another server running: starts it, says whether it answers, starts it again when it has ended.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@wicgate/node-kit';
import { EngineNotStarted } from '../errors.ts';
import type { TurnLogEvent } from '../log-event.ts';
import { type ChildProgram, type RunningChild, startChild } from './child-program.ts';

export interface SupervisorSettings {
  readonly engine: string;
  /** Prepares what the program needs, each time before it starts. */
  readonly prepare: () => ChildProgram;
  /** Resolves to whether the server answers. */
  readonly answers: () => Promise<boolean>;
  /** How often a server that runs is asked whether it still answers; every 5 s where it is undefined. */
  readonly pulseMs?: number;
  readonly log: Logger<TurnLogEvent>;
}

const startMs = 10_000;
const probeMs = 50;
const firstPauseMs = 200;
const maxPauseMs = 10_000;
/** Who ran for so long has not failed at once: the next pause is the first again. */
const steadyMs = 60_000;
const usualPulseMs = 5_000;
/** On a busy machine one answer may come late. */
const maxMissedPulses = 3;
/** Kept for the error where it does not start. */
const maxLines = 5;

export class Supervisor {
  readonly #settings: SupervisorSettings;
  readonly #stopping = new AbortController();
  readonly #lines: string[] = [];
  #child: RunningChild | undefined;
  #isReady = false;
  #watching: Promise<void> = Promise.resolve();

  private constructor(settings: SupervisorSettings) {
    this.#settings = settings;
  }

  /**
   * Resolves when the server answers for the first time.
   *
   * @throws {EngineNotStarted}
   */
  static async start(settings: SupervisorSettings): Promise<Supervisor> {
    const supervisor = new Supervisor(settings);
    const child = supervisor.#launch();
    const end = await supervisor.#untilAnswers(child);
    if (!supervisor.#isReady) {
      await child.stop();
      throw new EngineNotStarted(settings.engine, end, supervisor.#lines);
    }
    supervisor.#watching = supervisor.#watch(child);
    return supervisor;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Ends it for good; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#isReady = false;
    this.#stopping.abort();
    await this.#child?.stop();
    await this.#watching;
  }

  #launch(): RunningChild {
    const { engine, prepare, log } = this.#settings;
    const child = startChild(prepare(), (line) => {
      this.#lines.push(line);
      if (this.#lines.length > maxLines) this.#lines.shift();
      log.debug({ event: 'turn.engine.said', engine, line });
    });
    this.#child = child;
    return child;
  }

  /** What cannot be prepared has ended before it began: the next time there may be room on the disk again. */
  #launchAgain(): RunningChild {
    try {
      return this.#launch();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      return { ended: Promise.resolve(`not prepared: ${String(error.code)}`), stop: async () => undefined };
    }
  }

  /** Why it does not answer; meaningless where it does. */
  async #untilAnswers(child: RunningChild): Promise<string> {
    const deadline = Date.now() + startMs;
    let end: string | undefined;
    void child.ended.then((how) => {
      end = how;
    });
    while (end === undefined && Date.now() < deadline && !this.#stopping.signal.aborted) {
      if (await this.#settings.answers()) {
        this.#isReady = true;
        break;
      }
      await sleep(probeMs);
    }
    return end ?? `no answer within ${startMs} ms`;
  }

  async #watch(first: RunningChild): Promise<void> {
    let child = first;
    let pauseMs = firstPauseMs;
    for (;;) {
      const startedAtMs = Date.now();
      const over = new AbortController();
      void this.#feelPulse(over.signal);
      const end = await child.ended;
      over.abort();
      this.#isReady = false;
      if (this.#stopping.signal.aborted) return;
      if (Date.now() - startedAtMs > steadyMs) pauseMs = firstPauseMs;
      this.#report(end, pauseMs);
      await sleep(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted) return;
      pauseMs = Math.min(2 * pauseMs, maxPauseMs);
      child = this.#launchAgain();
      await this.#untilAnswers(child);
      if (this.#isReady) this.#settings.log.info({ event: 'turn.engine.restarted', engine: this.#settings.engine });
      else await child.stop();
    }
  }

  /** One that hangs serves nobody, though it runs. Resolves some time after `signal`, or when all of this stops. */
  async #feelPulse(signal: AbortSignal): Promise<void> {
    const { answers, pulseMs = usualPulseMs } = this.#settings;
    for (let missed = 0; ; ) {
      await sleep(pulseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      missed = (await answers()) ? 0 : missed + 1;
      if (signal.aborted || this.#stopping.signal.aborted) return;
      this.#judge(missed < maxMissedPulses);
    }
  }

  #judge(isReady: boolean): void {
    if (isReady === this.#isReady) return;
    this.#isReady = isReady;
    const { engine, log } = this.#settings;
    if (isReady) log.info({ event: 'turn.engine.answers_again', engine });
    else {
      log.error({
        event: 'turn.engine.silent',
        engine,
        effect: 'it runs, but does not answer: no call can be relayed, and /readyz says so',
        action: 'find out what holds it up; one that is ended is started again',
      });
    }
  }

  #report(end: string, pauseMs: number): void {
    this.#settings.log.error({
      event: 'turn.engine.ended',
      engine: this.#settings.engine,
      cause: new Error(end),
      lines: [...this.#lines],
      effect: 'every allocation is lost and no call can be relayed until it runs again',
      action: `none where it runs again (the next try is in ${pauseMs} ms); else read what it said, in lines`,
    });
  }
}
