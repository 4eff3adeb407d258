import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { type Actions, Machine, type MachineTable } from './machine.ts';

type State = 'idle' | 'busy' | 'done';
type Event = 'go' | 'end' | 'timer X' | 'timer Y';

type Action = 'note' | 'start X' | 'start Y' | 'jump';

const table: MachineTable<State, Event, Action> = {
  transitions: {
    idle: { 'go': ['busy', 'start X', 'start Y', 'note'], 'end': ['busy', 'jump', 'start X'] },
    busy: { 'timer X': ['busy', 'start X', 'note'], 'timer Y': ['idle', 'note'], 'end': ['done', 'note'] },
    done: {},
  },
  timers: { idle: ['timer Y'], busy: ['timer X', 'timer Y'], done: [] },
};

interface Owner {
  readonly notes: unknown[];
  readonly machine: Machine<State, Event, Action, Owner, string>;
}

const actions: Actions<Action, Owner, string> = {
  'note': ({ notes }, payload) => notes.push(payload),
  'start X': ({ machine }) => machine.start('timer X', 10),
  'start Y': ({ machine }) => machine.start('timer Y', 25),
  'jump': ({ machine }) => machine.handle('end'),
};

class Noting implements Owner {
  readonly clock = new VirtualClock();
  readonly notes: unknown[] = [];
  readonly machine: Owner['machine'] = new Machine(table, actions, {
    owner: this as Owner,
    initial: 'idle',
    clock: this.clock,
  });
}

const create = (): Noting => new Noting();

describe('Machine', () => {
  it('[RFC 3261 17] does what the row says and absorbs what has no row', () => {
    const { machine, notes } = create();
    machine.handle('timer X', 'absorbed');
    expect([machine.state, machine.accepts('go'), machine.accepts('timer X')]).toEqual(['idle', true, false]);
    machine.handle('go', 'told');
    expect([machine.state, notes]).toEqual(['busy', ['told']]);
  });

  it('[RFC 3261 17] stops the timers that do not belong to the new state, and only those', () => {
    const { clock, machine } = create();
    machine.handle('go');
    clock.advance(20);
    machine.handle('timer Y');
    expect([machine.state, clock.pending]).toEqual(['idle', 1]);
    machine.handle('go');
    machine.handle('end');
    expect([machine.state, clock.pending]).toEqual(['done', 0]);
  });

  it('[RFC 3261 17] starts a running timer anew', () => {
    const { clock, machine, notes } = create();
    machine.handle('go');
    clock.advance(5);
    machine.start('timer X', 10);
    clock.advance(9);
    expect(notes).toHaveLength(1);
    clock.advance(1);
    expect(notes).toHaveLength(2);
  });

  it('[RFC 3261 17] starts no timer that an action has made pointless', () => {
    const { clock, machine } = create();
    machine.handle('end');
    expect([machine.state, clock.pending]).toEqual(['done', 0]);
  });
});
