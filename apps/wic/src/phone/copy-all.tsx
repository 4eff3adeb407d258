/**
 * A button that copies a text.
 *
 * @module
 */
import { Check, Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '../parts/button.tsx';

type Outcome = 'copied' | 'refused';

const words: Readonly<Record<Outcome, string>> = {
  copied: 'Copied.',
  refused: 'The browser did not allow it. Select the text and copy it yourself.',
};

export interface CopyAllProps {
  readonly text: string;
  readonly label?: string;
}

export function CopyAll({ text, label = 'Copy all' }: CopyAllProps): ReactNode {
  const [outcome, setOutcome] = useState<Outcome>();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      setOutcome('refused');
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button look="secondary" size="small" onClick={() => void copy()}>
        {outcome === 'copied' ? <Check className="size-5" /> : <Copy className="size-5" />}
        {label}
      </Button>
      <p aria-live="polite" className="text-[0.9375rem] text-soft">
        {outcome === undefined ? '' : words[outcome]}
      </p>
    </div>
  );
}
