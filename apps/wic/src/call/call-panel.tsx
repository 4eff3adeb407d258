/**
 * The call: while it is made and talked in it is the whole screen, afterwards a line that says how it ended.
 *
 * @module
 */

import { type Picture, useCallStates, usePicture } from '@wicgate/wic-react';
import type { Call, CallState } from '@wicgate/wic-sdk';
import { CircleAlert } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { Avatar } from '../parts/avatar.tsx';
import { HangUpIcon } from '../parts/hang-up-icon.tsx';
import { callStatusText } from '../texts/call-status-text.ts';
import { peerName } from '../texts/peer-name.ts';
import { CallControls } from './call-controls.tsx';
import { CallStatus } from './call-status.tsx';
import { CallTimer } from './call-timer.tsx';
import { MediaPath } from './media-path.tsx';
import { RemoteSound } from './remote-sound.tsx';
import { Videos } from './videos.tsx';

type Layout = 'hidden' | 'notice' | 'voice' | 'video';

interface Look {
  readonly panel: string;
  readonly caption: string;
  readonly line: string;
  readonly controls: string;
}

const looks: Readonly<Record<Layout, Look>> = {
  hidden: { panel: 'sr-only', caption: '', line: '', controls: '' },
  notice: {
    panel: 'rounded-2xl border border-line bg-card px-5 py-4 shadow-card motion-safe:animate-rise',
    caption: 'flex items-start gap-3',
    line: '',
    controls: '',
  },
  voice: {
    panel:
      'mx-auto flex w-full max-w-3xl flex-1 flex-col bg-linear-to-b from-tint to-60% to-card px-6 py-8 sm:rounded-2xl sm:border sm:border-line sm:shadow-card low:max-w-none low:flex-row low:items-center low:gap-6 low:rounded-none low:border-0 low:py-0 low:pr-[max(1.5rem,env(safe-area-inset-right))] low:pb-[env(safe-area-inset-bottom)]',
    caption: 'flex min-w-0 flex-1 flex-col items-center justify-center gap-8 low:gap-4 text-center',
    line: 'flex flex-wrap justify-center gap-x-2 text-lg text-soft',
    controls: 'flex flex-col gap-4 pb-[env(safe-area-inset-bottom)] low:w-84 low:pb-0',
  },
  video: {
    panel:
      'relative mx-auto flex w-full max-w-6xl flex-1 flex-col justify-between overflow-hidden bg-slate-950 text-white sm:rounded-2xl low:max-w-none low:rounded-none',
    caption: 'relative bg-linear-to-b from-black/70 to-transparent px-5 pt-4 pb-10 pr-36 low:pr-40 sm:pl-6',
    line: 'flex flex-wrap gap-x-2',
    controls:
      'relative flex flex-col gap-4 bg-linear-to-t from-black/80 to-transparent px-4 pt-16 low:pt-8 low:pr-[max(1rem,env(safe-area-inset-right))] pb-[max(1.5rem,env(safe-area-inset-bottom))] low:pb-[max(0.75rem,env(safe-area-inset-bottom))]',
  },
};

const cameraBlocked = "The camera is blocked. Allow it in the browser's address bar and try again.";

export interface CallPanelProps {
  /** Undefined before the first call. */
  readonly call: Call | undefined;
  readonly panelRef: RefObject<HTMLElement | null>;
  /** The person wants to know more of the connection. */
  readonly onShowDetails: () => void;
}

export function CallPanel({ call, panelRef, onShowDetails }: CallPanelProps): ReactNode {
  const [state] = useCallStates(useMemo(() => (call === undefined ? [] : [call]), [call]));
  const remote = usePicture(state?.remoteStream);
  const layout = chooseLayout(state, remote);
  const live = layout === 'voice' || layout === 'video';
  const look = looks[layout];
  useFocusFollows(panelRef, live);

  return (
    <section ref={panelRef} tabIndex={-1} className={look.panel}>
      {live && <RemoteSound stream={state?.remoteStream} />}
      {layout === 'video' && state && call && <Videos state={state} remote={remote} name={peerName(call.peer)} />}
      <div className={look.caption}>
        {layout === 'voice' && call && (
          <Avatar name={peerName(call.peer)} size="large" ringing={state?.status !== 'in call'} />
        )}
        {layout === 'notice' && <NoticeIcon failed={state?.status === 'failed'} />}
        <div className="min-w-0 max-w-full">
          {live && call && (
            <h1 className="truncate font-semibold text-2xl tracking-tight">
              <bdi>{peerName(call.peer)}</bdi>
            </h1>
          )}
          <div className={look.line}>
            <CallStatus text={call && state && callStatusText(call, state)} />
            {live && <CallTimer sinceMs={state?.connectedAtMs} />}
          </div>
          {live && call && (
            <div className="mt-2">
              <MediaPath call={call} look={layout === 'video' ? 'overVideo' : 'plain'} onShowDetails={onShowDetails} />
            </div>
          )}
        </div>
      </div>
      {live && call && state && (
        <LiveControls key={call.id} call={call} state={state} video={layout === 'video'} className={look.controls} />
      )}
    </section>
  );
}

function chooseLayout(state: CallState | undefined, remote: Picture): Layout {
  if (state === undefined || state.status === 'incoming') return 'hidden';
  if (state.end !== undefined) return 'notice';
  return state.camera || remote !== 'none' ? 'video' : 'voice';
}

/** When a call begins or ends, the button that had the focus is gone: the call gets it, not the page's beginning. */
function useFocusFollows(panelRef: RefObject<HTMLElement | null>, live: boolean): void {
  const before = useRef(live);
  useEffect(() => {
    if (before.current === live) return;
    before.current = live;
    const { activeElement, body } = document;
    if (activeElement === null || activeElement === body) panelRef.current?.focus({ preventScroll: true });
  }, [panelRef, live]);
}

function NoticeIcon({ failed }: { readonly failed: boolean }): ReactNode {
  const Icon = failed ? CircleAlert : HangUpIcon;
  return <Icon className={`mt-0.5 size-5 shrink-0 ${failed ? 'text-danger-ink' : 'text-soft'}`} />;
}

interface LiveControlsProps {
  readonly call: Call;
  readonly state: CallState;
  readonly video: boolean;
  readonly className: string;
}

function LiveControls({ call, state, video, className }: LiveControlsProps): ReactNode {
  const [refused, setRefused] = useState(false);
  return (
    <div className={className}>
      {refused && !state.camera && (
        <p role="alert" className="mx-auto max-w-md rounded-xl bg-danger-tint px-4 py-3 text-center text-danger-ink">
          {cameraBlocked}
        </p>
      )}
      <CallControls
        call={call}
        state={state}
        look={video ? 'overVideo' : 'plain'}
        onCameraRefused={() => setRefused(true)}
      />
    </div>
  );
}
