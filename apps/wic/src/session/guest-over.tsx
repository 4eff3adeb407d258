/**
 * The screen of a guest whose temporary address has gone back to the pool (TS 33.203 X.4.2.1).
 *
 * @module
 */
import { Hourglass } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../parts/button.tsx';
import { MessageCard } from '../parts/message-card.tsx';
import { Page } from '../parts/page.tsx';
import { RegistrationStatus } from '../phone/registration-status.tsx';

export interface GuestOverProps {
  readonly onContinue: () => void;
  readonly onLeave: () => void;
}

export function GuestOver({ onContinue, onLeave }: GuestOverProps): ReactNode {
  return (
    <Page bar={<RegistrationStatus state={{ status: 'not registered' }} />}>
      <div className="flex flex-1 items-center" role="alert">
        <MessageCard
          icon={Hourglass}
          title="Your time as a guest is over"
          text="Your temporary address has gone back to the others, so nobody reaches you there any more. You can go on with a new one."
        >
          <Button look="primary" onClick={onContinue}>
            Continue as guest
          </Button>
          <Button look="quiet" onClick={onLeave}>
            Choose another way
          </Button>
        </MessageCard>
      </div>
    </Page>
  );
}
