/**
 * The shell of a transaction: a table says what happens, this owns state and timers.
 *
 * @module
 */
import type { Clock } from './clock.ts';

export type Row<State extends string, Action extends string> = readonly [next: State, ...actions: Action[]];

/** One row an arrow of the specification's figure. What has no row is absorbed. */
export type Transitions<State extends string, Event extends string, Action extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, Row<State, Action>>>>>
>;

export interface MachineTable<State extends string, Event extends string, Action extends string> {
  readonly transitions: Transitions<State, Event, Action>;
  /** The timers that may run in each state; entering a state stops all others. */
  readonly timers: Readonly<Record<State, readonly Event[]>>;
}

export class Machine<State extends string, Event extends string, Action extends string, Payload> {
  readonly #table: MachineTable<State, Event, Action>;
  readonly #actions: Readonly<Record<Action, (payload: Payload | undefined) => void>>;
  readonly #clock: Clock;
  readonly #running = new Map<Event, () => void>();
  #state: State;

  constructor(
    table: MachineTable<State, Event, Action>,
    initial: State,
    clock: Clock,
    actions: Readonly<Record<Action, (payload: Payload | undefined) => void>>,
  ) {
    this.#table = table;
    this.#state = initial;
    this.#clock = clock;
    this.#actions = actions;
  }

  get state(): State {
    return this.#state;
  }

  /** Whether the table has a row for `event` in the present state. */
  accepts(event: Event): boolean {
    return this.#table.transitions[this.#state][event] !== undefined;
  }

  handle(event: Event, payload?: Payload): void {
    const row = this.#table.transitions[this.#state][event];
    if (row === undefined) return;
    const [next, ...actions]: readonly [State, ...Action[]] = row;
    this.#enter(next);
    for (const action of actions) this.#actions[action](payload);
  }

  /**
   * Starts `timer`, which is handled like any other event; one that runs already starts again. Nothing starts that does
   * not belong to the present state: what an action told the user may have ended the machine meanwhile.
   */
  start(timer: Event, ms: number): void {
    if (!this.#table.timers[this.#state].includes(timer)) return;
    this.#running.get(timer)?.();
    const stop = this.#clock.after(ms, () => {
      this.#running.delete(timer);
      this.handle(timer);
    });
    this.#running.set(timer, stop);
  }

  /** No timer outlives the states it belongs to. */
  #enter(next: State): void {
    if (next === this.#state) return;
    this.#state = next;
    const allowed = this.#table.timers[next];
    for (const [timer, stop] of this.#running) {
      if (allowed.includes(timer)) continue;
      stop();
      this.#running.delete(timer);
    }
  }
}
