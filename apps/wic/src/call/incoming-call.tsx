/**
 * Somebody calls.
 *
 * The dialog takes the focus, but on no button, so that whoever is typing does not answer by accident; and only its
 * buttons close it: neither Escape nor a click beside it declines. During another call it leaves the page usable, so
 * that the call can still be muted or ended.
 *
 * @module
 */

import { useCallState } from '@wicgate/wic-react';
import { type Call, isAnonymous } from '@wicgate/wic-sdk';
import { Phone, Video } from 'lucide-react';
import { type ReactNode, type RefObject, useId, useRef, useState } from 'react';
import { Avatar } from '../parts/avatar.tsx';
import { Button } from '../parts/button.tsx';
import { HangUpIcon } from '../parts/hang-up-icon.tsx';
import { peerDetail, peerName } from '../texts/peer-name.ts';
import { keepTabInside, useDialogFocus } from './use-dialog-focus.ts';

export interface IncomingCallProps {
  readonly call: Call;
  /** The person in the call that answering would end. */
  readonly inCallWith: string | undefined;
  /** Where the focus goes when the call has been answered. */
  readonly panelRef: RefObject<HTMLElement | null>;
  readonly onAnswer: (video: boolean) => void;
}

export function IncomingCall({ call, inCallWith, panelRef, onAnswer }: IncomingCallProps): ReactNode {
  const { offersVideo } = useCallState(call);
  const [title, description] = [useId(), useId()];
  const dialog = useRef<HTMLDivElement>(null);
  useDialogFocus(dialog, panelRef);
  const alone = inCallWith === undefined;

  return (
    <div className={alone ? 'fixed inset-0 z-20 bg-slate-950/60 backdrop-blur-sm' : ''}>
      <div
        ref={dialog}
        role="alertdialog"
        aria-modal={alone}
        aria-labelledby={title}
        aria-describedby={description}
        tabIndex={-1}
        onKeyDown={alone ? keepTabInside : undefined}
        className={`fixed z-20 mx-auto flex flex-col items-center overflow-y-auto overscroll-contain border border-line bg-card px-6 text-center shadow-lifted motion-safe:animate-rise sm:rounded-2xl ${alone ? overAll : aboveCall}`}
      >
        <h2 id={title} className="low:col-start-2 font-medium text-soft">
          Incoming call
        </h2>
        {alone && (
          <div className="low:col-start-1 low:row-span-2 low:row-start-1">
            <Avatar name={peerName(call.peer)} size="medium" ringing />
          </div>
        )}
        <div id={description} className="flex low:col-start-2 min-w-0 max-w-full flex-col low:items-start gap-1">
          <p className="max-w-full truncate font-semibold text-3xl tracking-tight">
            <bdi>{peerName(call.peer)}</bdi>
          </p>
          <p className={`text-soft ${isAnonymous(call.peer) ? 'text-balance' : 'max-w-full truncate'}`}>
            <bdi>{peerDetail(call.peer)}</bdi>
          </p>
          <p className="mx-auto low:mx-0 mt-2 inline-flex items-center gap-2 rounded-full bg-sunken px-3.5 py-1.5 text-[0.9375rem]">
            {offersVideo ? <Video className="size-5 text-accent" /> : <Phone className="size-5 text-accent" />}
            {offersVideo ? 'Video call' : 'Voice call'}
          </p>
          {!alone && <p className="mt-2 text-warn-ink">Answering ends your call with {inCallWith}.</p>}
        </div>
        <Choices offersVideo={offersVideo} onDecline={call.decline} onAnswer={onAnswer} />
      </div>
    </div>
  );
}

/** Comes up from where the thumb is; in the middle of a larger screen. */
const overAll =
  'low:grid low:grid-cols-[auto_minmax(0,1fr)] low:gap-x-6 low:gap-y-3 low:py-6 low:text-left inset-x-0 bottom-0 max-h-dvh gap-6 rounded-t-3xl pt-7 pb-[max(1.75rem,env(safe-area-inset-bottom))] sm:inset-y-0 sm:my-auto sm:h-fit sm:max-w-md low:max-w-2xl';

/** Leaves the controls of the other call uncovered. */
const aboveCall =
  'low:items-start low:gap-3 low:text-left inset-x-3 top-20 max-h-[calc(100dvh-6rem)] gap-4 rounded-2xl py-5 sm:right-6 sm:left-auto sm:w-96 sm:max-w-md low:top-3 low:right-auto low:left-3 low:max-h-[calc(100dvh-1.5rem)]';

interface ChoicesProps {
  readonly offersVideo: boolean;
  readonly onDecline: () => void;
  readonly onAnswer: (video: boolean) => void;
}

function Choices({ offersVideo, onDecline, onAnswer }: ChoicesProps): ReactNode {
  // The browser may ask for the microphone first: until then the call still rings.
  const [answering, setAnswering] = useState(false);
  const answer = (video: boolean): void => {
    setAnswering(true);
    onAnswer(video);
  };
  return (
    <div className="grid low:col-span-2 low:flex w-full grid-cols-2 gap-3 narrow:*:px-3 low:*:flex-auto low:*:px-3">
      <Button look="danger" onClick={onDecline}>
        <HangUpIcon className="size-5" />
        Decline
      </Button>
      <Button look="answer" disabled={answering} onClick={() => answer(false)}>
        <Phone className="size-5" />
        Answer
      </Button>
      {offersVideo && (
        <Button look="answer" className="col-span-2" disabled={answering} onClick={() => answer(true)}>
          <Video className="size-5" />
          Answer with video
        </Button>
      )}
    </div>
  );
}
