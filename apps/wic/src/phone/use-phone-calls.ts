/**
 * Which call the phone is about, as a hook.
 *
 * @module
 */

import { useCallStates, useCalls, useWic } from '@wicgate/wic-react';
import type { Call, CallState, CallStatus } from '@wicgate/wic-sdk';
import { useEffect, useState } from 'react';

export interface LoggedCall {
  readonly call: Call;
  readonly startedAtMs: number;
}

export interface PhoneCalls {
  /** The call that is being made or talked in. */
  readonly live: Call | undefined;
  readonly liveStatus: CallStatus | undefined;
  /** Somebody calls, and nobody has answered yet. */
  readonly incoming: Call | undefined;
  /** What the call status is about: the live call, else the ringing one, else the last one. */
  readonly shown: Call | undefined;
  /** Newest first. */
  readonly log: readonly LoggedCall[];
  /** @throws {TargetInvalid} `target` is no name and no address. */
  readonly place: (target: string, video: boolean) => void;
  /** Answers `incoming`; a live call gives way. */
  readonly answer: (video: boolean) => void;
}

const longestLog = 20;
const liveStatuses: ReadonlySet<CallStatus> = new Set(['calling', 'ringing', 'connecting', 'in call']);

export function usePhoneCalls(): PhoneCalls {
  const wic = useWic();
  const calls = useCalls();
  const states = useCallStates(calls);
  const [last, setLast] = useState<Call>();
  const log = useCallLog(calls, last);

  const live = findLast(calls, states, ({ status }) => liveStatuses.has(status));
  const incoming = calls.find((_, index) => states[index]?.status === 'incoming');
  const next = live ?? incoming ?? findEnded(calls, last);
  if (next !== undefined && next !== last) setLast(next);

  return {
    live,
    liveStatus: live?.getSnapshot().status,
    incoming,
    shown: next ?? last,
    log,
    place: (target, video) => setLast(wic.call(target, { video })),
    answer: (video) => {
      live?.hangUp();
      void incoming?.answer({ video });
    },
  };
}

/** A call that ended before it was drawn, unless `last` is the one that has just ended. */
function findEnded(calls: readonly Call[], last: Call | undefined): Call | undefined {
  return last !== undefined && calls.includes(last) ? last : calls.at(-1);
}

function findLast(
  calls: readonly Call[],
  states: readonly CallState[],
  accept: (state: CallState) => boolean,
): Call | undefined {
  return calls.findLast((_, index) => {
    const state = states[index];
    return state !== undefined && accept(state);
  });
}

/** Every call that was seen, `last` too: it may have failed before it came into the list. */
function useCallLog(calls: readonly Call[], last: Call | undefined): readonly LoggedCall[] {
  const [log, setLog] = useState<readonly LoggedCall[]>([]);
  useEffect(() => {
    setLog((known) => {
      const seen = last === undefined ? calls : [...calls, last];
      const fresh = [...new Set(seen)].filter((call) => known.every((logged) => logged.call !== call));
      if (fresh.length === 0) return known;
      const startedAtMs = Date.now();
      return [...fresh.map((call) => ({ call, startedAtMs })).reverse(), ...known].slice(0, longestLog);
    });
  }, [calls, last]);
  return log;
}
