/**
 * The top of the test: what it is, how far it is, or what it has found; and the button that begins it.
 *
 * @module
 */
import type { PreCallState } from '@wicgate/wic-sdk';
import { CircleAlert, CircleCheck, type LucideIcon, Phone, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../parts/button.tsx';
import { CopyAll } from '../phone/copy-all.tsx';
import { describeResults } from './describe-results.ts';
import { readProgress } from './progress-text.ts';
import type { AllFacts } from './step-facts.ts';
import { verdictText } from './verdict-text.ts';

export interface PreCallSummaryProps {
  readonly state: PreCallState;
  readonly facts: AllFacts;
  readonly onStart: () => void;
  readonly onStop: () => void;
}

interface Look {
  readonly icon: LucideIcon;
  readonly colours: string;
}

const looks = {
  'ready': { icon: CircleCheck, colours: 'bg-tint text-ink' },
  'limited': { icon: TriangleAlert, colours: 'bg-warn-tint text-warn-ink' },
  'not ready': { icon: CircleAlert, colours: 'bg-danger-tint text-danger-ink' },
  'in call': { icon: Phone, colours: 'bg-warn-tint text-warn-ink' },
} as const satisfies Readonly<Record<string, Look>>;

export function PreCallSummary({ state, facts, onStart, onStop }: PreCallSummaryProps): ReactNode {
  const { status } = state;
  const isRunning = status === 'running';
  return (
    <div className="flex flex-col gap-5">
      <div role="status" aria-label="Connection test" className="empty:-mb-5">
        <Outcome state={state} facts={facts} />
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button
          look={isRunning ? 'secondary' : 'primary'}
          size={status === 'done' ? 'small' : 'large'}
          onClick={isRunning ? onStop : onStart}
          className={status === 'done' ? '' : 'max-sm:w-full'}
        >
          {words[status]}
        </Button>
        {status === 'done' && (
          <CopyAll label="Copy results" text={describeResults(state, navigator.userAgent, Date.now())} />
        )}
      </div>
    </div>
  );
}

const words = { 'idle': 'Start test', 'in call': 'Start test', 'running': 'Stop test', 'done': 'Test again' } as const;

function Outcome({ state, facts }: Pick<PreCallSummaryProps, 'state' | 'facts'>): ReactNode {
  if (state.status === 'running') return <Progress state={state} facts={facts} />;
  if (state.status === 'in call') {
    return (
      <Told look={looks['in call']} title="There is a call. Finish it first, then start the test." concerns={[]} />
    );
  }
  if (state.verdict === undefined) return null;
  return <Told look={looks[state.verdict.kind]} {...verdictText(state.verdict)} />;
}

function Progress({ state, facts }: Pick<PreCallSummaryProps, 'state' | 'facts'>): ReactNode {
  const { text, share } = readProgress(state, facts);
  return (
    <>
      <p className="font-medium">{text}</p>
      <div aria-hidden="true" className="mt-2 h-2 overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset">
        <div
          className="h-full rounded-full bg-accent transition-[width] duration-300"
          style={{ width: `${Math.round(share * 100)}%` }}
        />
      </div>
    </>
  );
}

interface ToldProps {
  readonly look: Look;
  readonly title: string;
  readonly concerns: readonly string[];
}

function Told({ look: { icon: Icon, colours }, title, concerns }: ToldProps): ReactNode {
  return (
    <div className={`flex gap-3 rounded-xl px-4 py-3.5 ${colours}`}>
      <Icon aria-hidden="true" className="mt-0.5 size-6 shrink-0" />
      <div className="min-w-0">
        <p className="text-pretty font-semibold text-lg">{title}</p>
        {concerns.length > 0 && (
          <ul className="mt-1 flex list-disc flex-col gap-1 pl-5">
            {concerns.map((concern) => (
              <li key={concern} className="text-pretty">
                {concern}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
