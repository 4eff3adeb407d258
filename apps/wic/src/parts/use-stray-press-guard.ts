/**
 * Keeps a press that was meant for the screen before from reaching the screen that took its place, as a hook.
 *
 * Whoever taps Answer twice hits, the second time, whatever has come up under the finger: Hang up. Whoever holds Enter
 * on Decline goes on to Call. Such presses are without effect for a moment; nothing shows, and nothing is disabled.
 *
 * @module
 */
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/** Longer than the gap of a slow double tap, and about as long as it takes to see what is there and choose. */
const graceMs = 700;
/** The longest gap of a double click, as systems have it. */
const doubleClickMs = 500;
/** In CSS pixels: a mouse that moved less was not moved to something. */
const tremor = 10;

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Press {
  readonly atMs: number;
  /** Undefined: by finger, pen or mouse. */
  readonly key: string | undefined;
  /** Undefined: by key. */
  readonly place: Place | undefined;
  readonly stray: boolean;
}

interface Hand {
  changedAtMs: number;
  /** The last press; a key that is held presses again and again. */
  press: Press | undefined;
}

/**
 * Takes the effect from presses that come too soon after `screen` has changed to be meant for it: of a finger, the
 * second of a double click, and of a key that was pressed before already. Clicks without a press, which screen readers
 * make, always count.
 */
export function useStrayPressGuard(screen: string): void {
  const hand = useRef<Hand>({ changedAtMs: Number.NEGATIVE_INFINITY, press: undefined });
  const before = useRef(screen);

  useLayoutEffect(() => {
    if (before.current === screen) return;
    before.current = screen;
    hand.current.changedAtMs = performance.now();
  }, [screen]);
  useEffect(() => watch(hand), []);
}

/** In the capture phase of the window: before anything on the page hears of it. */
function watch({ current: hand }: RefObject<Hand>): () => void {
  const stop = new AbortController();
  const options = { capture: true, signal: stop.signal };
  window.addEventListener(
    'pointerdown',
    (event) => {
      const place = { x: event.clientX, y: event.clientY };
      hand.press = { atMs: event.timeStamp, key: undefined, place, stray: isStrayPointer(event, hand) };
    },
    options,
  );
  window.addEventListener(
    'keydown',
    (event) => {
      hand.press = { atMs: event.timeStamp, key: event.key, place: undefined, stray: isStrayKey(event, hand) };
    },
    options,
  );
  window.addEventListener(
    'click',
    (event) => {
      if (!isStrayClick(event, hand)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    options,
  );
  return () => stop.abort();
}

function isStrayPointer(event: PointerEvent, { press, changedAtMs }: Hand): boolean {
  const { timeStamp, pointerType, clientX, clientY } = event;
  if (timeStamp - changedAtMs >= graceMs) return false;
  if (pointerType !== 'mouse') return true;
  if (press?.place === undefined || timeStamp - press.atMs >= doubleClickMs) return false;
  return Math.hypot(clientX - press.place.x, clientY - press.place.y) <= tremor;
}

/** The same key as before the change: held all the time, or pressed twice in a row. */
function isStrayKey({ timeStamp, key, repeat }: KeyboardEvent, { press, changedAtMs }: Hand): boolean {
  if (press?.key !== key) return false;
  return repeat ? press.stray || press.atMs <= changedAtMs : timeStamp - changedAtMs < graceMs;
}

/** A finger that came down before the change is lifted after it: that too is a click on what is there then. */
function isStrayClick({ timeStamp, detail }: MouseEvent, { press, changedAtMs }: Hand): boolean {
  // A click that no pointer made has no count: it is a key's, or nobody's.
  if (press === undefined || (press.key === undefined) !== detail > 0) return false;
  return (press.stray || press.atMs <= changedAtMs) && timeStamp - press.atMs < graceMs;
}
