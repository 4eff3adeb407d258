// @vitest-environment happy-dom
import { type Mounted, mount } from '@wicgate/wic-react/testing';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useStrayPressGuard } from './use-stray-press-guard.ts';

interface ScreenProps {
  readonly name: string;
  readonly onClick: () => void;
}

function Screen({ name, onClick }: ScreenProps): ReactNode {
  useStrayPressGuard(name);
  return (
    <button type="button" onClick={onClick}>
      {name}
    </button>
  );
}

describe('a press that was meant for the screen before', () => {
  let clicks: number;
  let mounted: Mounted;
  let changedAtMs: number;

  const count = (): number => clicks++;
  const at = <E extends Event>(event: E, ms: number): E =>
    Object.defineProperty(event, 'timeStamp', { value: changedAtMs + ms });
  const dispatch = (event: Event): unknown => document.querySelector('button')?.dispatchEvent(event);
  const clickAt = (ms: number, detail: number): unknown =>
    dispatch(at(new MouseEvent('click', { bubbles: true, cancelable: true, detail }), ms));
  const pressAt = (ms: number, pointerType: string, clientX = 0): void => {
    dispatch(at(new PointerEvent('pointerdown', { bubbles: true, pointerType, clientX }), ms));
    clickAt(ms + 50, 1);
  };
  const keyAt = (ms: number, key: string, repeat = false): void => {
    dispatch(at(new KeyboardEvent('keydown', { bubbles: true, key, repeat }), ms));
    if (key === 'Enter') clickAt(ms, 0);
  };
  const change = async (): Promise<void> => {
    await mounted.render(<Screen name="in call" onClick={count} />);
    changedAtMs = performance.now();
    clicks = 0;
  };

  beforeEach(async () => {
    [clicks, changedAtMs] = [0, performance.now()];
    mounted = await mount(<Screen name="incoming" onClick={count} />);
  });
  afterEach(() => mounted.unmount());

  it('[WIC] counts on the first screen, and on one that has been there for a while', async () => {
    pressAt(0, 'touch');
    expect(clicks).toBe(1);
    await change();
    pressAt(750, 'touch');
    expect(clicks).toBe(1);
  });

  it.each([0, 200, 400, 600])('[WIC] by finger has no effect %d ms after the change', async (ms) => {
    await change();
    pressAt(ms, 'touch');
    expect(clicks).toBe(0);
  });

  it('[WIC] by finger has no effect when it came down before the change and is lifted after it', async () => {
    dispatch(new PointerEvent('pointerdown', { bubbles: true, pointerType: 'touch' }));
    await change();
    clickAt(30, 1);
    expect(clicks).toBe(0);
  });

  it('[WIC] by mouse has no effect as the second of a double click, and counts elsewhere', async () => {
    pressAt(0, 'mouse', 100);
    await change();
    pressAt(300, 'mouse', 104);
    expect(clicks).toBe(0);
    pressAt(400, 'mouse', 160);
    expect(clicks).toBe(1);
  });

  it('[WIC] by mouse counts at once where the mouse has rested', async () => {
    pressAt(-2_000, 'mouse', 100);
    await change();
    pressAt(50, 'mouse', 100);
    expect(clicks).toBe(1);
  });

  it('[WIC] of a key has no effect while it is held, however long, and again when it is pressed anew', async () => {
    keyAt(0, 'Enter');
    await change();
    for (const ms of [10, 500, 900, 1_300]) keyAt(ms, 'Enter', true);
    expect(clicks).toBe(0);
    keyAt(1_500, 'Enter');
    expect(clicks).toBe(1);
  });

  it('[WIC] of the same key twice in a row has no effect; after another key it counts', async () => {
    keyAt(0, 'Enter');
    await change();
    keyAt(200, 'Enter');
    expect(clicks).toBe(0);
    keyAt(300, 'Tab');
    keyAt(400, 'Enter');
    expect(clicks).toBe(1);
  });

  it('[WCAG 4.1.2] counts when a screen reader clicks', async () => {
    await change();
    clickAt(100, 0);
    expect(clicks).toBe(1);
  });
});
