/**
 * Which way sound and picture take, beside the call. It says more when pressed.
 *
 * @module
 */
import { useCallPath } from '@wicgate/wic-react';
import type { Call } from '@wicgate/wic-sdk';
import { ArrowLeftRight, Waypoints } from 'lucide-react';
import type { ReactNode } from 'react';
import { mediaPathText } from '../texts/media-path-text.ts';

const looks = {
  plain: 'bg-sunken text-soft hover:bg-line',
  overVideo: 'bg-black/45 text-white hover:bg-black/60',
} as const;

export interface MediaPathProps {
  readonly call: Call;
  readonly look: keyof typeof looks;
  readonly onShowDetails: () => void;
}

/** Nothing before there is a way. Not part of the status: another way is no news to be read out. */
export function MediaPath({ call, look, onShowDetails }: MediaPathProps): ReactNode {
  const path = useCallPath(call);
  if (path === undefined) return null;
  const isDirect = path.ownRelay === undefined && path.farRelay === undefined;
  const Icon = isDirect ? ArrowLeftRight : Waypoints;
  return (
    <button
      type="button"
      onClick={onShowDetails}
      className={`inline-flex min-h-8 max-w-full items-center gap-1.5 rounded-2xl px-3 py-1 text-left text-sm transition-colors ${looks[look]}`}
    >
      <Icon className="size-4 shrink-0 narrow:hidden" />
      <span className="sr-only">Media path: </span>
      {mediaPathText(path)}
    </button>
  );
}
