/**
 * The ways in beside the best one: quieter, each with what helps to choose.
 *
 * @module
 */
import type { WayIn } from '@wicgate/wic-sdk';
import { CardSim, ChevronRight, KeyRound, LogIn, type LucideIcon, UserRound } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { wayTexts } from '../texts/way-text.ts';

const icons: Readonly<Record<WayIn, LucideIcon>> = { web: LogIn, sim: CardSim, digest: KeyRound, guest: UserRound };

export interface OtherWaysProps {
  readonly ways: readonly WayIn[];
  readonly onChoose: (way: WayIn) => void;
}

export function OtherWays({ ways, onChoose }: OtherWaysProps): ReactNode {
  const title = useId();
  return (
    <section aria-labelledby={title} className="flex flex-col gap-3">
      <h2 id={title} className="font-semibold text-lg">
        Other ways in
      </h2>
      <ul className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-card shadow-card">
        {ways.map((way) => (
          <OtherWay key={way} way={way} onChoose={onChoose} />
        ))}
      </ul>
    </section>
  );
}

/** All of the row can be pressed, the name alone is the button. */
function OtherWay({ way, onChoose }: { readonly way: WayIn } & Pick<OtherWaysProps, 'onChoose'>): ReactNode {
  const help = useId();
  const Icon = icons[way];
  return (
    <li className="relative flex items-center gap-4 px-4 py-3.5 transition-colors has-focus-visible:bg-sunken hover:bg-sunken sm:px-5">
      <span className="grid size-10 shrink-0 place-items-center rounded-xl bg-tint text-accent">
        <Icon className="size-5" />
      </span>
      <div className="min-w-0 flex-1">
        <button
          type="button"
          aria-describedby={help}
          onClick={() => onChoose(way)}
          className="text-left font-semibold after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-2xl focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
        >
          {wayTexts[way].name}
        </button>
        <p id={help} className="text-pretty text-[0.9375rem] text-soft">
          {wayTexts[way].help}
        </p>
      </div>
      <ChevronRight className="narrow:hidden size-5 shrink-0 text-soft" />
    </li>
  );
}
