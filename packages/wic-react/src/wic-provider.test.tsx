// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { InMemoryNetwork } from './testing/in-memory-network.ts';
import { mount } from './testing/mount.ts';
import { useWic, WicProvider } from './wic-provider.tsx';

const seen: unknown[] = [];

function Probe() {
  seen.push(useWic());
  return null;
}

describe('WicProvider', () => {
  it('[hooks] hands its WIC to whoever asks below', async () => {
    const wic = new InMemoryNetwork('ims.example').open({ impu: 'sip:alice@ims.example' });
    const { unmount } = await mount(
      <WicProvider wic={wic}>
        <Probe />
      </WicProvider>,
    );
    expect(seen.at(-1)).toBe(wic);
    await unmount();
  });

  it('[hooks] says what is missing where there is no provider', async () => {
    await expect(mount(<Probe />)).rejects.toThrow(new TypeError('useWic: expected a WicProvider above'));
  });
});
