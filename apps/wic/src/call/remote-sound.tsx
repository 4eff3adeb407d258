/**
 * What the far end says.
 *
 * @module
 */
import { useMediaElement } from '@wicgate/wic-react';
import type { ReactNode } from 'react';

export interface RemoteSoundProps {
  readonly stream: MediaStream | undefined;
}

export function RemoteSound({ stream }: RemoteSoundProps): ReactNode {
  const ref = useMediaElement(stream);
  return (
    // biome-ignore lint/a11y/useMediaCaption: nobody writes captions for a call
    <audio ref={ref} autoPlay />
  );
}
