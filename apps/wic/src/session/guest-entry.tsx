/**
 * The screen between the wish to be a guest and being one.
 *
 * @module
 */
import { CloudOff, Hourglass, LoaderCircle, type LucideIcon, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../parts/button.tsx';
import { MessageCard } from '../parts/message-card.tsx';
import { Page } from '../parts/page.tsx';
import { useSecondsLeft } from '../parts/use-seconds-left.ts';
import { RegistrationStatus } from '../phone/registration-status.tsx';
import type { GuestEntryState } from './use-guest-entry.ts';

export interface GuestEntryProps {
  readonly entry: GuestEntryState;
  readonly onRetry: () => void;
  readonly onBack: () => void;
}

type Problem = Extract<GuestEntryState, { readonly status: 'refused' }>['problem'];

const problems: Readonly<Record<Problem, { icon: LucideIcon; title: string; text: string }>> = {
  'too many': {
    icon: Hourglass,
    title: 'Too many guests from your network',
    text: 'As many guests as may come from one internet connection are here, or came just now. A place becomes free when one of them leaves.',
  },
  'pool exhausted': {
    icon: Users,
    title: 'Every guest address is in use',
    text: 'This website has only so many to lend, and others have them all. One becomes free when a guest leaves.',
  },
  'unreachable': {
    icon: CloudOff,
    title: 'No answer about guests',
    text: 'Check that you are online. If you are, the service may be down for a moment.',
  },
};

export function GuestEntry({ entry, onRetry, onBack }: GuestEntryProps): ReactNode {
  return (
    <Page bar={<RegistrationStatus state={{ status: 'not registered' }} />}>
      <div className="flex flex-1 items-center" aria-live="polite" aria-busy={entry.status === 'asking'}>
        {entry.status === 'asking' ? (
          <MessageCard
            icon={LoaderCircle}
            title="Finding an address for you…"
            text="As a guest you get a temporary one. It takes a moment."
          />
        ) : (
          <Refused problem={entry.problem} retryAtMs={entry.retryAtMs} onRetry={onRetry} onBack={onBack} />
        )}
      </div>
    </Page>
  );
}

interface RefusedProps extends Pick<GuestEntryProps, 'onRetry' | 'onBack'> {
  readonly problem: Problem;
  readonly retryAtMs: number;
}

function Refused({ problem, retryAtMs, onRetry, onBack }: RefusedProps): ReactNode {
  const seconds = useSecondsLeft(retryAtMs) ?? 0;
  return (
    <MessageCard {...problems[problem]}>
      <Button look="primary" disabled={seconds > 0} onClick={onRetry}>
        {seconds > 0 ? `Try again in ${seconds} s` : 'Try again'}
      </Button>
      <Button look="quiet" onClick={onBack}>
        Choose another way
      </Button>
    </MessageCard>
  );
}
