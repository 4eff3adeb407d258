/**
 * A SIM for previews and tests: speaks as the real page does, and is played instead of operated.
 *
 * @module
 */
import { type ComponentType, type ReactNode, useEffect, useMemo, useState } from 'react';
import { IsimClient } from '../src/isim/isim-client.ts';
import type { IsimFrameProps } from '../src/isim/isim-frame.tsx';

/** `locked`: waits for its person. `locked again`: that too, but after it has said who it is. */
export type SimBehaviour = 'ready' | 'locked' | 'locked again' | 'not allowed' | 'blocked';

const identity = { kind: 'identity', impi: 'erik@ims.example', impu: 'sip:erik@ims.example' };

/** Draws a box in place of the frame. */
export function standInSim(behaviour: SimBehaviour): ComponentType<IsimFrameProps> {
  return (props) => <StandInSim {...props} behaviour={behaviour} />;
}

interface StandInSimProps extends IsimFrameProps {
  readonly behaviour: SimBehaviour;
}

function StandInSim({ onClient, isOpen = false, onAttention, behaviour }: StandInSimProps): ReactNode {
  const [isNeeded, setNeeded] = useState(false);
  const client = useMemo(
    () => new IsimClient({ post: (_hello, port) => answer(port, behaviour), onAttention: setNeeded }),
    [behaviour],
  );
  useEffect(() => {
    client.frameLoaded();
    onClient(client);
    return () => {
      onClient(undefined);
      client.close();
    };
  }, [client, onClient]);
  useEffect(() => onAttention?.(isNeeded), [isNeeded, onAttention]);

  const isShown = isOpen || isNeeded;
  return (
    <div className={isShown ? 'h-[26.25rem] w-full rounded-2xl border border-line p-6' : 'sr-only'}>
      <h2>Enter your PIN</h2>
    </div>
  );
}

function answer(port: MessagePort, behaviour: SimBehaviour): void {
  const say = (message: object): void => port.postMessage({ version: 1, ...message });
  port.onmessage = ({ data: { id } }: MessageEvent<{ readonly id: number }>) => {
    if (behaviour === 'ready' || behaviour === 'locked again') say({ type: 'answer', id, answer: identity });
    else if (behaviour !== 'locked') say({ type: 'answer', id, answer: { kind: 'refused', problem: behaviour } });
    say({ type: 'attention', needed: behaviour !== 'ready' });
  };
  say({ type: 'welcome' });
}
