/**
 * The screen when the page was served but its server does not answer any more.
 *
 * @module
 */
import { CloudOff } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { Button } from '../parts/button.tsx';
import { MessageCard } from '../parts/message-card.tsx';
import { Page } from '../parts/page.tsx';

export interface UnreachableProps {
  readonly onRetry: () => void;
}

export function Unreachable({ onRetry }: UnreachableProps): ReactNode {
  useEffect(() => {
    window.addEventListener('online', onRetry);
    return () => window.removeEventListener('online', onRetry);
  }, [onRetry]);

  return (
    <Page>
      <div className="flex flex-1 items-center">
        <MessageCard
          icon={CloudOff}
          title="Wicgate does not answer"
          text="Check that you are online. If you are, the service may be down for a moment."
        >
          <Button look="primary" onClick={onRetry}>
            Try again
          </Button>
        </MessageCard>
      </div>
    </Page>
  );
}
