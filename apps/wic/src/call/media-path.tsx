/**
 * Which way sound and picture take, beside the call, or that there is none. It says more when pressed.
 *
 * @module
 */
import { useCallPath, useIsInterrupted } from '@wicgate/wic-react';
import type { Call, MediaPath as Path } from '@wicgate/wic-sdk';
import { ArrowLeftRight, CloudOff, type LucideIcon, Waypoints } from 'lucide-react';
import type { ReactNode } from 'react';
import { interruptedText, mediaPathText } from '../texts/media-path-text.ts';

const looks = {
  plain: 'bg-sunken text-soft hover:bg-line',
  overVideo: 'bg-black/45 text-white hover:bg-black/60',
  interrupted: 'bg-warn-tint text-warn-ink hover:bg-warn-line',
} as const;

export interface MediaPathProps {
  readonly call: Call;
  readonly look: 'plain' | 'overVideo';
  readonly onShowDetails: () => void;
}

/** Another way is no news to be read out, and so no status; that there is none is. */
export function MediaPath({ call, look, onShowDetails }: MediaPathProps): ReactNode {
  const path = useCallPath(call);
  const isInterrupted = useIsInterrupted(call);
  const shown = describe(path, isInterrupted);
  return (
    <>
      {/* Stays in the page when there is nothing to say: only then is what comes next announced. */}
      <p role="status" aria-label="Media" className="sr-only">
        {isInterrupted && interruptedText}
      </p>
      {shown !== undefined && (
        <button
          type="button"
          onClick={onShowDetails}
          className={`inline-flex min-h-8 max-w-full items-center gap-1.5 rounded-2xl px-3 py-1 text-left text-sm transition-colors ${looks[isInterrupted ? 'interrupted' : look]}`}
        >
          <shown.Icon className={`size-4 shrink-0 ${isInterrupted ? '' : 'narrow:hidden'}`} />
          <span className="sr-only">Media path: </span>
          {shown.text}
        </button>
      )}
    </>
  );
}

/** Undefined before there is a way. */
function describe(path: Path | undefined, isInterrupted: boolean): { Icon: LucideIcon; text: string } | undefined {
  if (isInterrupted) return { Icon: CloudOff, text: interruptedText };
  if (path === undefined) return undefined;
  const isDirect = path.ownRelay === undefined && path.farRelay === undefined;
  return { Icon: isDirect ? ArrowLeftRight : Waypoints, text: mediaPathText(path) };
}
