/**
 * How the call stands, for eyes and for screen readers.
 *
 * @module
 */
import type { ReactNode } from 'react';
import type { CallStatusText } from '../texts/call-status-text.ts';

export interface CallStatusProps {
  /** Undefined before the first call. */
  readonly text: CallStatusText | undefined;
}

/** Stays in the page when there is nothing to say: only then is what comes next announced. */
export function CallStatus({ text }: CallStatusProps): ReactNode {
  return (
    <p role="status" aria-label="Call" className="wrap-anywhere">
      {text !== undefined && (
        <>
          <span className={text.detail === undefined ? '' : 'font-semibold'}>{text.word}</span>
          {text.detail !== undefined && `: ${text.detail}`}
        </>
      )}
    </p>
  );
}
