/**
 * Whether a stream has a picture, as a hook.
 *
 * @module
 */
import { useCallback, useSyncExternalStore } from 'react';

/** `waiting`: there is a live video track, but it brings no frames (yet, or any more). */
export type Picture = 'none' | 'waiting' | 'showing';

/**
 * Whether `stream` brings pictures, kept current as tracks come, go and fall silent.
 *
 * @example
 * const picture = usePicture(state.remoteStream);
 * return picture === 'showing' ? <Video /> : <Avatar />;
 */
export function usePicture(stream: MediaStream | undefined): Picture {
  // A track that a script adds raises no event: whoever added it makes us draw again, and the list differs.
  const tracks = listTracks(stream);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list is another set of tracks to watch
  const subscribe = useCallback((listener: () => void) => watchTracks(stream, listener), [stream, tracks]);
  return useSyncExternalStore(subscribe, () => readPicture(stream));
}

function readPicture(stream: MediaStream | undefined): Picture {
  const live = stream?.getVideoTracks().filter((track) => track.readyState === 'live') ?? [];
  if (live.length === 0) return 'none';
  return live.some((track) => !track.muted) ? 'showing' : 'waiting';
}

function listTracks(stream: MediaStream | undefined): string {
  return (stream?.getVideoTracks() ?? []).map((track) => track.id).join(' ');
}

/** Calls `listener` whenever the stream gains, loses, mutes or ends a track, until stopped. */
function watchTracks(stream: MediaStream | undefined, listener: () => void): () => void {
  if (stream === undefined) return () => undefined;
  let watching = new AbortController();

  const watch = (): void => {
    watching.abort();
    watching = new AbortController();
    const { signal } = watching;
    for (const name of ['addtrack', 'removetrack'] as const) stream.addEventListener(name, changed, { signal });
    for (const track of stream.getVideoTracks()) {
      for (const name of ['mute', 'unmute', 'ended'] as const) track.addEventListener(name, listener, { signal });
    }
  };
  const changed = (): void => {
    watch();
    listener();
  };

  watch();
  return () => watching.abort();
}
