/**
 * Another tab of this browser is the telephone.
 *
 * @module
 */
import { AppWindow } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../parts/button.tsx';
import { MessageCard } from '../parts/message-card.tsx';

export interface ElsewhereProps {
  readonly onUseHere: () => void;
}

export function Elsewhere({ onUseHere }: ElsewhereProps): ReactNode {
  return (
    <div className="flex flex-1 items-center">
      <MessageCard
        icon={AppWindow}
        title="Active in another tab"
        text="Your calls ring there. You can move them to this tab; a call that runs there ends."
      >
        <Button look="primary" onClick={onUseHere}>
          Use here
        </Button>
      </MessageCard>
    </div>
  );
}
