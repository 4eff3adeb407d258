// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryNetwork } from './testing/in-memory-network.ts';
import { preCallIdle } from './testing/in-memory-pre-call-test.ts';
import type { InMemoryWic } from './testing/in-memory-wic.ts';
import { mount, settle } from './testing/mount.ts';
import { useMicrophoneLevel } from './use-microphone-level.ts';
import { usePreCallTest } from './use-pre-call-test.ts';
import { WicProvider } from './wic-provider.tsx';

let wic: InMemoryWic;

beforeEach(() => {
  wic = new InMemoryNetwork('ims.example').open({ impu: 'sip:alice@ims.example' });
});

function Probe() {
  const { state, start } = usePreCallTest();
  return (
    <button type="button" onClick={start}>
      {`${state.status} ${useMicrophoneLevel()}`}
    </button>
  );
}

const show = () =>
  mount(
    <WicProvider wic={wic}>
      <Probe />
    </WicProvider>,
  );

describe('usePreCallTest', () => {
  it('[hooks] follows the test and its microphone', async () => {
    const { container, unmount } = await show();
    expect(container.textContent).toBe('idle 0');
    await settle(() => container.querySelector('button')?.click());
    expect(container.textContent).toBe('done 0');
    await settle(() => wic.preCallTest.microphoneLevel.set(0.25));
    expect(container.textContent).toBe('done 0.25');
    await unmount();
  });

  it('[hooks] stops the test when the component leaves', async () => {
    const { container, unmount } = await show();
    await settle(() => container.querySelector('button')?.click());
    await unmount();
    expect(wic.preCallTest.getSnapshot()).toBe(preCallIdle);
  });
});
