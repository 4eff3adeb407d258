// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { mount, settle } from './testing/mount.ts';
import { useMediaElement } from './use-media-element.ts';
import { usePicture } from './use-picture.ts';

/** A video track as far as its owner can see: it is silent or not, until it ends. */
class Track extends EventTarget {
  readonly id: string = crypto.randomUUID();
  readonly kind = 'video';
  muted = true;
  readyState = 'live';

  becomes(change: { muted?: boolean; readyState?: string }, name: string): void {
    Object.assign(this, change);
    this.dispatchEvent(new Event(name));
  }
}

class Stream extends EventTarget {
  readonly tracks: Track[] = [];

  readonly getVideoTracks = (): Track[] => [...this.tracks];

  gain(track: Track): void {
    this.tracks.push(track);
    this.dispatchEvent(new Event('addtrack'));
  }
}

const asMedia = (stream: Stream): MediaStream => stream as unknown as MediaStream;

function Probe({ stream }: { readonly stream: MediaStream | undefined }) {
  return usePicture(stream);
}

describe('usePicture', () => {
  it('[hooks] sees a track come, show, fall silent and end', async () => {
    const [stream, track] = [new Stream(), new Track()];
    const { container, unmount } = await mount(<Probe stream={asMedia(stream)} />);
    expect(container.textContent).toBe('none');
    await settle(() => stream.gain(track));
    expect(container.textContent).toBe('waiting');
    await settle(() => track.becomes({ muted: false }, 'unmute'));
    expect(container.textContent).toBe('showing');
    await settle(() => track.becomes({ muted: true }, 'mute'));
    expect(container.textContent).toBe('waiting');
    await settle(() => track.becomes({ readyState: 'ended' }, 'ended'));
    expect(container.textContent).toBe('none');
    await unmount();
  });

  it('[hooks] watches a track that a script added, once it is drawn again', async () => {
    const [stream, track] = [new Stream(), new Track()];
    const { container, render, unmount } = await mount(<Probe stream={asMedia(stream)} />);
    stream.tracks.push(track);
    await render(<Probe stream={asMedia(stream)} />);
    expect(container.textContent).toBe('waiting');
    await settle(() => track.becomes({ muted: false }, 'unmute'));
    expect(container.textContent).toBe('showing');
    await unmount();
  });

  it('[hooks] says none without a stream', async () => {
    const { container, unmount } = await mount(<Probe stream={undefined} />);
    expect(container.textContent).toBe('none');
    await unmount();
  });
});

function Player({ of }: { readonly of: MediaStream | undefined }) {
  // biome-ignore lint/a11y/useMediaCaption: a probe
  return <audio ref={useMediaElement(of)} />;
}

describe('useMediaElement', () => {
  it('[hooks] gives the stream to the element, and takes it back', async () => {
    const stream = new MediaStream();
    const { container, render, unmount } = await mount(<Player of={stream} />);
    const element = container.querySelector('audio');
    expect(element?.srcObject).toBe(stream);
    await render(<Player of={undefined} />);
    expect(element?.srcObject).toBeNull();
    await render(<Player of={stream} />);
    await unmount();
    expect(element?.srcObject).toBeNull();
  });
});
