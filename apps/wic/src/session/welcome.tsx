/**
 * The screen of somebody who has not come in yet: the best way in, and below it the others.
 *
 * @module
 */
import { chooseWay, type WayIn } from '@wicgate/wic-sdk';
import { CircleSlash, type LucideIcon, MonitorSmartphone, ShieldCheck, TriangleAlert, Video } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { Button } from '../parts/button.tsx';
import { MessageCard } from '../parts/message-card.tsx';
import { Page } from '../parts/page.tsx';
import { SoundWave } from '../parts/sound-wave.tsx';
import { useHeadingFocus } from '../parts/use-heading-focus.ts';
import { RegistrationStatus } from '../phone/registration-status.tsx';
import { wayTexts } from '../texts/way-text.ts';
import { OtherWays } from './other-ways.tsx';
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
  /** What the WWSF offers. */
  readonly ways: readonly WayIn[];
  /** A SIM was used in this browser: then it comes first (TS 33.203 X.2.1). */
  readonly isSimKnown: boolean;
  /** How the last try went, if it did not go well. */
  readonly outcome: SignInOutcome | undefined;
  readonly onChoose: (way: WayIn) => void;
}

const withoutSim: readonly WayIn[] = ['web', 'digest', 'guest'];
/** As the other ways stand below each other. */
const order: readonly WayIn[] = ['web', 'sim', 'digest', 'guest'];

export function Welcome({ ways, isSimKnown, outcome, onChoose }: WelcomeProps): ReactNode {
  const heading = useHeadingFocus();
  const best = chooseWay(ways, new Set(isSimKnown ? ['sim', ...withoutSim] : withoutSim)) ?? ways[0];
  if (best === undefined) return <NoWay />;
  const others = order.filter((way) => way !== best && ways.includes(way));
  return (
    <Page bar={<RegistrationStatus state={{ status: 'not registered' }} />}>
      <div className="mx-auto flex w-full max-w-5xl flex-1 flex-col justify-center gap-10 lg:gap-14">
        <div className="grid items-center gap-7 sm:gap-8 lg:grid-cols-[1.05fr_1fr] lg:gap-16">
          <div className="order-2 flex flex-col gap-6 lg:order-1">
            <h1 ref={heading} tabIndex={-1} className="text-balance font-semibold text-4xl tracking-tight sm:text-5xl">
              Your phone, in this browser
            </h1>
            <p className="max-w-prose text-pretty text-lg text-soft">
              This page rings when somebody calls you, and you can call anyone on the network by name.
            </p>
            {outcome !== undefined && <Outcome text={signInOutcomeText(outcome)} />}
            <BestWay way={best} onChoose={onChoose} />
          </div>
          <div className="order-1 h-28 overflow-hidden rounded-2xl bg-linear-to-br from-teal-700 to-teal-950 shadow-card sm:h-56 lg:order-2 lg:h-80">
            <SoundWave />
          </div>
        </div>
        {others.length > 0 && <OtherWays ways={others} onChoose={onChoose} />}
        <Points />
      </div>
    </Page>
  );
}

function BestWay({ way, onChoose }: { readonly way: WayIn } & Pick<WelcomeProps, 'onChoose'>): ReactNode {
  const help = useId();
  return (
    <div className="flex flex-col gap-3">
      <Button look="primary" className="w-full sm:w-64" describedBy={help} onClick={() => onChoose(way)}>
        {wayTexts[way].name}
      </Button>
      <p id={help} className="max-w-prose text-[0.9375rem] text-soft">
        {wayTexts[way].help}
      </p>
    </div>
  );
}

function Points(): ReactNode {
  return (
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

function NoWay(): ReactNode {
  return (
    <Page bar={<RegistrationStatus state={{ status: 'not registered' }} />}>
      <div className="flex flex-1 items-center">
        <MessageCard
          icon={CircleSlash}
          title="Nobody can come in here yet"
          text="This website offers no way to sign in that this page knows. Ask whoever runs it."
        />
      </div>
    </Page>
  );
}
