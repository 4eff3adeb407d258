/**
 * The pictures of a call: the far end over everything, ourselves in a corner.
 *
 * @module
 */

import { type Picture, useMediaElement } from '@wicgate/wic-react';
import type { CallState } from '@wicgate/wic-sdk';
import type { ReactNode } from 'react';
import { Avatar } from '../parts/avatar.tsx';

export interface VideosProps {
  readonly state: CallState;
  /** Whether the far end's picture is there. */
  readonly remote: Picture;
  readonly name: string;
}

export function Videos({ state, remote, name }: VideosProps): ReactNode {
  const remoteRef = useMediaElement(state.remoteStream);
  const selfRef = useMediaElement(state.localStream);
  return (
    <>
      {remote !== 'none' && (
        // The sound comes from an element of its own, so that it does not stop with the picture.
        <video
          ref={remoteRef}
          aria-label="Remote video"
          autoPlay
          playsInline
          muted
          className="absolute inset-0 size-full object-cover sm:object-contain"
        />
      )}
      {remote !== 'showing' && (
        <div className="absolute inset-0 grid place-items-center">
          <Avatar name={name} size="large" ringing={state.status !== 'in call'} />
        </div>
      )}
      {state.camera && (
        <video
          ref={selfRef}
          aria-label="Self video"
          autoPlay
          playsInline
          muted
          className="absolute top-4 right-4 aspect-3/4 w-28 -scale-x-100 rounded-xl border border-white/25 bg-slate-800 object-cover shadow-lifted lg:top-auto lg:right-6 lg:bottom-6 lg:aspect-4/3 lg:w-56 low:top-3 low:right-[max(0.75rem,env(safe-area-inset-right))] low:bottom-auto low:aspect-4/3 low:w-32"
        />
      )}
    </>
  );
}
