/**
 * One step of the test: how it stands, what that means, and the facts behind it.
 *
 * @module
 */
import { ChevronRight, type LucideIcon } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import type { Fact, StepFacts } from './step-facts.ts';
import { StepStatusChip } from './step-status-chip.tsx';

export interface StepRowProps {
  readonly icon: LucideIcon;
  readonly step: StepFacts;
  /** What there is to see or to do. */
  readonly children?: ReactNode;
}

export function StepRow({ icon: Icon, step, children }: StepRowProps): ReactNode {
  const { name, status, text, facts } = step;
  const title = useId();
  return (
    <li aria-labelledby={title} className="flex gap-4 px-4 py-4 sm:px-6 sm:py-5">
      <span
        aria-hidden="true"
        className={`grid size-10 shrink-0 place-items-center rounded-xl max-sm:hidden ${status === 'waiting' ? 'bg-sunken text-soft' : 'bg-tint text-accent'}`}
      >
        <Icon className="size-5" />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-3">
        <div>
          <div className="flex items-start justify-between gap-3">
            <h3 id={title} className="wrap-anywhere min-w-0 pt-0.5 font-semibold">
              {name}
            </h3>
            <StepStatusChip status={status} />
          </div>
          <p className="mt-0.5 text-pretty text-[0.9375rem] text-soft">{text}</p>
        </div>
        {children}
        {facts.length > 0 && <Facts facts={facts} name={name} />}
      </div>
    </li>
  );
}

function Facts({ facts, name }: { readonly facts: readonly Fact[]; readonly name: string }): ReactNode {
  return (
    <details className="group -my-1 text-[0.9375rem]">
      <summary className="-mx-2 inline-flex min-h-9 cursor-pointer list-none items-center gap-1 rounded-lg px-2 font-medium text-accent hover:bg-sunken [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden="true" className="size-4 transition-transform group-open:rotate-90" />
        Details<span className="sr-only">: {name}</span>
      </summary>
      <dl className="mt-2 grid grid-cols-1 gap-x-4 gap-y-1 rounded-xl bg-sunken px-4 py-3 sm:grid-cols-[auto_minmax(0,1fr)]">
        {facts.map(([fact, value]) => (
          <div key={fact} className="contents max-sm:block">
            <dt className="text-soft">{fact}</dt>
            <dd className="wrap-anywhere select-all">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
