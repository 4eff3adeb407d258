/**
 * The switch that keeps one's address from the people one calls.
 *
 * @module
 */
import { type ReactNode, useId } from 'react';
import type { RelayChoice } from './relay-only.ts';
import { useRelayOnly } from './relay-only-context.ts';

const notes: Readonly<Record<RelayChoice, string>> = {
  free: 'A change holds from your next call on.',
  forced: 'Always on: this website lets calls take no other way.',
  impossible: 'Not possible here: this website has no relay. The people you call can see your address.',
};

export interface RelayOnlySwitchProps {
  readonly choice: RelayChoice;
}

/** Where there is nothing to choose it is still found by the keyboard, and says why. */
export function RelayOnlySwitch({ choice }: RelayOnlySwitchProps): ReactNode {
  const { isOn: isChosen, setOn } = useRelayOnly();
  const [purpose, note] = [useId(), useId()];
  const isFree = choice === 'free';
  const isOn = choice === 'forced' || (isFree && isChosen);

  return (
    <section className="rounded-xl border border-line px-4 py-3">
      <div className="flex items-center justify-between gap-4">
        <h3 className="font-medium">Relay only</h3>
        <button
          type="button"
          role="switch"
          aria-label="Relay only"
          aria-checked={isOn}
          aria-disabled={!isFree}
          aria-describedby={`${purpose} ${note}`}
          onClick={() => isFree && setOn(!isChosen)}
          className={`relative h-8 w-14 shrink-0 rounded-full border-2 transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-55 ${isOn ? 'border-accent bg-accent' : 'border-edge bg-sunken'}`}
        >
          <span
            className={`absolute top-1 left-1 size-5 rounded-full transition-transform ${isOn ? 'translate-x-6 bg-on-accent' : 'bg-edge'}`}
          />
        </button>
      </div>
      <p id={purpose} className="mt-1 text-pretty text-[0.9375rem] text-soft">
        Hides your network address from the people you talk to; calls may be a little slower.
      </p>
      <p id={note} className={`text-pretty text-[0.9375rem] ${isFree ? 'text-soft' : 'font-medium'}`}>
        {notes[choice]}
      </p>
    </section>
  );
}
