/**
 * Who is signed in, how, and the way out.
 *
 * @module
 */
import { Activity, LogOut, ShieldCheck } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { PageError } from '../errors.ts';
import { Button } from '../parts/button.tsx';
import type { Person } from '../session/person.ts';
import { peerName } from '../texts/peer-name.ts';

export interface AccountProps {
  readonly person: Person;
  /** Rejects when the person is still signed in. */
  readonly onSignOut: () => Promise<void>;
  readonly onShowDetails: () => void;
  /** Undefined during a call. */
  readonly onTest: (() => void) | undefined;
}

const iconButton =
  'grid size-10 narrow:size-9 shrink-0 place-items-center rounded-xl text-soft transition-colors hover:bg-sunken hover:text-ink';

export function Account({ person, onSignOut, onShowDetails, onTest }: AccountProps): ReactNode {
  const [leaving, setLeaving] = useState(false);
  const [failed, setFailed] = useState(false);
  const leave = async (): Promise<void> => {
    setLeaving(true);
    setFailed(false);
    try {
      await onSignOut();
    } catch (error) {
      setLeaving(false);
      setFailed(true);
      if (!(error instanceof PageError)) throw error;
    }
  };

  return (
    <>
      <span className="hidden max-w-48 truncate font-medium sm:inline">
        <bdi>{peerName({ uri: person.impu, displayName: person.displayName })}</bdi>
      </span>
      <button
        type="button"
        aria-label="Test your connection"
        title={onTest === undefined ? 'Test your connection: finish your call first' : 'Test your connection'}
        aria-disabled={onTest === undefined}
        onClick={onTest}
        className={`${iconButton} aria-disabled:cursor-not-allowed aria-disabled:opacity-55 max-sm:hidden`}
      >
        <Activity className="size-5" />
      </button>
      <button
        type="button"
        aria-label="Connection details"
        title="Connection details"
        onClick={onShowDetails}
        className={iconButton}
      >
        <ShieldCheck className="size-5" />
      </button>
      <Button look="quiet" size="small" disabled={leaving} onClick={() => void leave()}>
        <LogOut className="wordy:hidden size-5" />
        Sign out
      </Button>
      {failed && (
        <p
          role="alert"
          className="fixed inset-x-4 top-20 z-10 mx-auto max-w-md rounded-xl bg-danger-tint px-4 py-3 text-danger-ink shadow-lifted"
        >
          Signing out did not work, so you are still signed in. Please try again.
        </p>
      )}
    </>
  );
}
