// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mount, settle } from './testing/mount.ts';
import { useElapsedSeconds } from './use-elapsed-seconds.ts';

function Probe({ sinceMs }: { readonly sinceMs: number | undefined }) {
  return String(useElapsedSeconds(sinceMs));
}

describe('useElapsedSeconds', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('[hooks] counts whole seconds, and leaves no timer behind', async () => {
    const { container, unmount } = await mount(<Probe sinceMs={1_000_000} />);
    expect(container.textContent).toBe('0');
    await settle(() => void vi.advanceTimersByTime(999));
    expect(container.textContent).toBe('0');
    await settle(() => void vi.advanceTimersByTime(61_001));
    expect(container.textContent).toBe('62');
    await unmount();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('[hooks] says nothing without a beginning, and never less than nothing', async () => {
    const { container, render, unmount } = await mount(<Probe sinceMs={undefined} />);
    expect(container.textContent).toBe('undefined');
    await render(<Probe sinceMs={1_009_000} />);
    expect(container.textContent).toBe('0');
    await unmount();
  });
});
