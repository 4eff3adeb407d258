/**
 * The network will not have us, and trying again by itself would not help: why, and what would.
 *
 * @module
 */
import type { RegistrationFailed as Failed, RegistrationFailure, WayIn } from '@wicgate/wic-sdk';
import { CardSim, CircleSlash, KeyRound, type LucideIcon, UserX } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../parts/button.tsx';
import { MessageCard } from '../parts/message-card.tsx';
import { type FailureAction, failureText } from '../texts/failure-text.ts';

const icons: Readonly<Record<RegistrationFailure, LucideIcon>> = {
  'not signed in': KeyRound,
  'refused': CircleSlash,
  'no identity': UserX,
  'network ended': CircleSlash,
  'sim unavailable': CardSim,
};

export interface RegistrationFailedProps {
  readonly failed: Failed;
  readonly way: WayIn;
  readonly onAction: (action: FailureAction) => void;
}

export function RegistrationFailed({ failed, way, onAction }: RegistrationFailedProps): ReactNode {
  const { title, text, actions } = failureText(failed, way);
  return (
    <div className="flex flex-1 items-center">
      <MessageCard icon={icons[failed.reason]} title={title} text={text}>
        {actions.map((action, index) => (
          <Button key={action} look={index === 0 ? 'primary' : 'quiet'} onClick={() => onAction(action)}>
            {action}
          </Button>
        ))}
      </MessageCard>
    </div>
  );
}
