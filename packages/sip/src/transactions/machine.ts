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

/** What each action does. One object serves all transactions of a kind: `owner` is the one that acts. */
export type Actions<Action extends string, Owner, Payload> = Readonly<
  Record<Action, (owner: Owner, payload: Payload | undefined) => void>
>;

/** Whose machine it is, and how it begins. */
export interface MachineStart<State extends string, Owner> {
  readonly owner: Owner;
  readonly initial: State;
  readonly clock: Clock;
}

interface RunningTimer<Event extends string> {
  readonly name: Event;
  readonly stop: () => void;
}

export class Machine<State extends string, Event extends string, Action extends string, Owner, Payload> {
  readonly #table: MachineTable<State, Event, Action>;
  readonly #actions: Actions<Action, Owner, Payload>;
  readonly #owner: Owner;
  readonly #clock: Clock;
  /** A few at most: a list is faster than a map. */
  readonly #running: RunningTimer<Event>[] = [];
  #state: State;

  constructor(
    table: MachineTable<State, Event, Action>,
    actions: Actions<Action, Owner, Payload>,
    { owner, initial, clock }: MachineStart<State, Owner>,
  ) {
    this.#table = table;
    this.#actions = actions;
    this.#owner = owner;
    this.#state = initial;
    this.#clock = clock;
  }

  get state(): State {
    return this.#state;
  }

  /** Whether the table has a row for `event` in the present state. */
  accepts(event: Event): boolean {
    return this.#table.transitions[this.#state][event] !== undefined;
  }

  handle(event: Event, payload?: Payload): void {
    const row: Row<State, Action> | undefined = this.#table.transitions[this.#state][event];
    if (row === undefined) return;
    if (row[0] !== this.#state) this.#enter(row[0]);
    // After the state the row holds actions only.
    for (let at = 1; at < row.length; at += 1) this.#actions[row[at] as Action](this.#owner, payload);
  }

  /**
   * Starts `timer`, which is handled like any other event; one that runs already starts again. Nothing starts that does
   * not belong to the present state: what an action told the user may have ended the machine meanwhile.
   */
  start(timer: Event, ms: number): void {
    if (!this.#table.timers[this.#state].includes(timer)) return;
    this.#stop(timer);
    const stop = this.#clock.after(ms, () => {
      this.#remove(timer);
      this.handle(timer);
    });
    this.#running.push({ name: timer, stop });
  }

  /** No timer outlives the states it belongs to. */
  #enter(next: State): void {
    this.#state = next;
    const allowed = this.#table.timers[next];
    for (let at = this.#running.length - 1; at >= 0; at -= 1) {
      const timer = this.#running[at];
      if (timer !== undefined && !allowed.includes(timer.name)) this.#stop(timer.name);
    }
  }

  #stop(timer: Event): void {
    this.#remove(timer)?.stop();
  }

  #remove(timer: Event): RunningTimer<Event> | undefined {
    const at = this.#running.findIndex(({ name }) => name === timer);
    return at < 0 ? undefined : this.#running.splice(at, 1)[0];
  }
}
