/**
 * Playing a stream, as a hook.
 *
 * @module
 */
import { type RefCallback, useCallback } from 'react';

/**
 * A ref for an audio or video element that plays `stream` and lets go of it when the element leaves.
 *
 * @example
 * const ref = useMediaElement(state.remoteStream);
 * return <audio ref={ref} autoPlay />;
 */
export function useMediaElement(stream: MediaStream | undefined): RefCallback<HTMLMediaElement> {
  return useCallback(
    (element: HTMLMediaElement | null) => {
      if (element === null) return undefined;
      element.srcObject = stream ?? null;
      return () => {
        element.srcObject = null;
      };
    },
    [stream],
  );
}
