/**
 * The way to the connection test.
 *
 * @module
 */
import { type ReactNode, useId } from 'react';
import { Button } from '../parts/button.tsx';

export interface ConnectionTestProps {
  readonly isInCall: boolean;
  readonly onTest: () => void;
}

/** During a call it is still found by the keyboard, and says why it has no effect. */
export function ConnectionTest({ isInCall, onTest }: ConnectionTestProps): ReactNode {
  const note = useId();
  return (
    <section className="flex flex-col items-start gap-3 rounded-xl border border-line p-4">
      <div className="text-pretty text-[0.9375rem] text-soft">
        <h3 className="font-medium text-base text-ink">Connection test</h3>
        <p id={note}>
          {isInCall
            ? 'Finish your call first: the test needs the microphone for itself.'
            : 'Tries your devices and every way to the network, and says in plain words what is the matter.'}
        </p>
      </div>
      <Button look="secondary" size="small" disabled={isInCall} describedBy={note} onClick={onTest}>
        Test your connection
      </Button>
    </section>
  );
}
