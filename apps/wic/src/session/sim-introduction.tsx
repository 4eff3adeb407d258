/**
 * Says what the SIM below does, before anybody types a PIN into it.
 *
 * @module
 */
import { describeFailure, type SimProblem } from '@wicgate/wic-sdk';
import { CardSim, LockKeyhole, type LucideIcon, ShieldCheck, TriangleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../parts/button.tsx';
import { Page } from '../parts/page.tsx';
import { RegistrationStatus } from '../phone/registration-status.tsx';
import { failureText } from '../texts/failure-text.ts';

export interface SimIntroductionProps {
  readonly problem: SimProblem | undefined;
  readonly onRetry: () => void;
  readonly onBack: () => void;
}

interface Point {
  readonly icon: LucideIcon;
  readonly text: string;
}

const points: readonly Point[] = [
  {
    icon: CardSim,
    text: 'The box below is your SIM: a page of its own. The first time, give it the profile file of your operator and choose a PIN.',
  },
  { icon: LockKeyhole, text: 'The key stays in there, locked by your PIN. This page gets one-time answers only.' },
  { icon: ShieldCheck, text: 'Where there is a SIM, it is used in place of a SIP password: a key cannot be guessed.' },
];

export function SimIntroduction({ problem, onRetry, onBack }: SimIntroductionProps): ReactNode {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  const failed = problem === undefined ? undefined : describeFailure('sim unavailable', problem);
  return (
    <Page short bar={<RegistrationStatus state={failed ?? { status: 'not registered' }} way="sim" />}>
      <div className="mx-auto flex w-full max-w-[29.125rem] flex-col gap-5 sm:px-6">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          <h1 ref={title} tabIndex={-1} className="font-semibold text-2xl tracking-tight">
            Use your SIM
          </h1>
          <Button look="quiet" size="small" className="-mx-3" onClick={onBack}>
            Choose another way
          </Button>
        </div>
        {failed === undefined ? <Points /> : <Problem {...failureText(failed, 'sim')} onRetry={onRetry} />}
      </div>
    </Page>
  );
}

function Points(): ReactNode {
  return (
    <ul className="flex flex-col gap-3">
      {points.map(({ icon: Icon, text }) => (
        <li key={text} className="flex gap-3 text-[0.9375rem] text-soft">
          <Icon className="mt-0.5 size-5 shrink-0 text-accent" />
          {text}
        </li>
      ))}
    </ul>
  );
}

interface ProblemProps {
  readonly title: string;
  readonly text: string;
  readonly onRetry: () => void;
}

function Problem({ title, text, onRetry }: ProblemProps): ReactNode {
  return (
    <div role="alert" className="flex gap-3 rounded-xl bg-danger-tint px-4 py-3 text-danger-ink">
      <TriangleAlert className="mt-0.5 size-5 shrink-0" />
      <div className="flex flex-col items-start gap-3">
        <p>
          <span className="block font-semibold">{title}</span>
          {text}
        </p>
        <Button look="primary" size="small" onClick={onRetry}>
          Try again
        </Button>
      </div>
    </div>
  );
}
