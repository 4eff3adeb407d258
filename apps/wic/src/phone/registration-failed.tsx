/**
 * The network will not have us, and trying again by itself would not help.
 *
 * @module
 */
import type { RegistrationFailure } from '@wicgate/wic-sdk';
import { CircleSlash, KeyRound, type LucideIcon, UserX } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../parts/button.tsx';
import { MessageCard } from '../parts/message-card.tsx';

interface Explanation {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
}

const explanations: Readonly<Record<RegistrationFailure, Explanation>> = {
  'not signed in': {
    icon: KeyRound,
    title: 'Your sign-in has ended',
    text: 'Sign in again to go on calling and to be called.',
  },
  'refused': {
    icon: CircleSlash,
    title: 'The network refused you',
    text: 'It does not let this account register at the moment. If that lasts, ask your operator.',
  },
  'no identity': {
    icon: UserX,
    title: 'This account cannot call yet',
    text: 'It has no number or address of its own. Ask your operator to add one.',
  },
};

export interface RegistrationFailedProps {
  readonly reason: RegistrationFailure;
  readonly onSignIn: () => void;
  readonly onRetry: () => Promise<void>;
}

export function RegistrationFailed({ reason, onSignIn, onRetry }: RegistrationFailedProps): ReactNode {
  const { icon, title, text } = explanations[reason];
  return (
    <div className="flex flex-1 items-center">
      <MessageCard icon={icon} title={title} text={text}>
        {reason === 'not signed in' ? (
          <Button look="primary" onClick={onSignIn}>
            Sign in
          </Button>
        ) : (
          <Button look="primary" onClick={() => void onRetry()}>
            Try again
          </Button>
        )}
      </MessageCard>
    </div>
  );
}
