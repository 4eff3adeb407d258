/**
 * The screen of somebody who is not signed in.
 *
 * @module
 */
import { type LucideIcon, MonitorSmartphone, ShieldCheck, TriangleAlert, Video } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../parts/button.tsx';
import { Page } from '../parts/page.tsx';
import { SoundWave } from '../parts/sound-wave.tsx';
import { RegistrationStatus } from '../phone/registration-status.tsx';
import { type SignInOutcome, signInOutcomeText } from './sign-in-outcome.ts';

interface Point {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
}

const points: readonly Point[] = [
  { icon: MonitorSmartphone, title: 'Nothing to install', text: 'This page is the phone, on a desk or in a hand.' },
  { icon: Video, title: 'Voice and video', text: 'Switch the camera on and off while you talk.' },
  { icon: ShieldCheck, title: 'Encrypted', text: 'What you say and show is encrypted on its way.' },
];

export interface WelcomeProps {
  /** How the last try went, if it did not go well. */
  readonly outcome: SignInOutcome | undefined;
  readonly onSignIn: () => void;
}

export function Welcome({ outcome, onSignIn }: WelcomeProps): ReactNode {
  return (
    <Page bar={<RegistrationStatus state={{ status: 'not registered' }} />}>
      <div className="mx-auto flex w-full max-w-5xl flex-1 flex-col justify-center gap-10 lg:gap-14">
        <div className="grid items-center gap-8 lg:grid-cols-[1.05fr_1fr] lg:gap-16">
          <div className="order-2 flex flex-col gap-6 lg:order-1">
            <h1 className="text-balance font-semibold text-4xl tracking-tight sm:text-5xl">
              Your phone, in this browser
            </h1>
            <p className="max-w-prose text-pretty text-lg text-soft">
              Sign in with the account of your operator. From then on this page rings when somebody calls you, and you
              can call anyone on the network by name.
            </p>
            {outcome !== undefined && <Outcome text={signInOutcomeText(outcome)} />}
            <Button look="primary" className="w-full sm:w-56" onClick={onSignIn}>
              Sign in
            </Button>
          </div>
          <div className="order-1 h-44 overflow-hidden rounded-2xl bg-linear-to-br from-teal-700 to-teal-950 shadow-card sm:h-64 lg:order-2 lg:h-80">
            <SoundWave />
          </div>
        </div>
        <ul className="grid gap-5 border-line border-t pt-8 sm:grid-cols-3 sm:gap-8">
          {points.map(({ icon: Icon, title, text }) => (
            <li key={title} className="flex gap-3.5">
              <Icon className="mt-0.5 size-6 shrink-0 text-accent" />
              <div>
                <h2 className="font-semibold">{title}</h2>
                <p className="text-[0.9375rem] text-soft">{text}</p>
              </div>
            </li>
          ))}
        </ul>
      </div>
    </Page>
  );
}

function Outcome({ text }: { readonly text: string }): ReactNode {
  return (
    <p role="alert" className="flex gap-3 rounded-xl bg-danger-tint px-4 py-3 text-danger-ink">
      <TriangleAlert className="mt-0.5 size-5 shrink-0" />
      {text}
    </p>
  );
}
