/**
 * In by SIM (TS 33.203 X.2.3): the SIM in its frame, and the telephone once it has said who it is.
 *
 * The frame stays where it is in the page for as long as the registration lasts: moved, it would load anew and be
 * locked.
 *
 * @module
 */
import { type SimProblem, SimUnavailable } from '@wicgate/wic-sdk';
import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import type { IsimClient } from '../isim/isim-client.ts';
import type { IsimFrameProps } from '../isim/isim-frame.tsx';
import { useStrayPressGuard } from '../parts/use-stray-press-guard.ts';
import type { ClientConfiguration } from '../wwsf/wwsf.ts';
import type { KnownSim } from './known-sim.ts';
import type { OpenWic, Person } from './person.ts';
import { signOff } from './sign-out.ts';
import { SimIntroduction } from './sim-introduction.tsx';
import { Telephone } from './telephone.tsx';
import { useOwnWic } from './use-own-wic.ts';

export interface BySimProps {
  readonly configuration: ClientConfiguration;
  /** Of the page that is the SIM. */
  readonly isimOrigin: string;
  readonly openWic: OpenWic;
  readonly SimFrame: ComponentType<IsimFrameProps>;
  readonly knownSim: KnownSim;
  /** Out again, to the ways in. */
  readonly onLeave: () => void;
}

export function BySim(props: BySimProps): ReactNode {
  const { configuration, isimOrigin, SimFrame, onLeave } = props;
  const [client, setClient] = useState<IsimClient>();
  const [isNeeded, setNeeded] = useState(false);
  const { own, problem, retry } = useSim(client, props);
  const isSettingUp = own === undefined;
  useStrayPressGuard(isSettingUp ? 'SIM' : 'telephone');

  const signOut = async (): Promise<void> => {
    if (own !== undefined) await signOff(own.wic);
    onLeave();
  };
  return (
    <>
      {isSettingUp ? (
        <SimIntroduction problem={problem} onRetry={retry} onBack={onLeave} />
      ) : (
        <Telephone {...own} configuration={configuration} onSignOut={signOut} onAction={onLeave} />
      )}
      <section aria-label="Your SIM" className={isSettingUp ? below : isNeeded ? above : 'sr-only'}>
        {!isSettingUp && isNeeded && <p className="px-1 pb-2 font-semibold">Your SIM needs you</p>}
        <SimFrame origin={isimOrigin} onClient={setClient} isOpen={isSettingUp} onAttention={setNeeded} />
      </section>
    </>
  );
}

/** As wide as the page in the frame: its card fills it. */
const below = 'mx-auto w-full max-w-[29.125rem] px-4 pb-10 sm:px-6';
/** Over the page, but beside what a call needs. */
const above =
  'fixed inset-x-3 bottom-3 z-10 max-h-[calc(100dvh-1.5rem)] overflow-y-auto rounded-2xl border border-line bg-card p-3 shadow-lifted motion-safe:animate-rise sm:right-6 sm:bottom-6 sm:left-auto sm:w-104';

interface Sim {
  readonly own: ReturnType<typeof useOwnWic>['own'];
  readonly problem: SimProblem | undefined;
  readonly retry: () => void;
}

/** Asks who is on the SIM; with that begins a registration. */
function useSim(client: IsimClient | undefined, { configuration, openWic, knownSim }: BySimProps): Sim {
  const { own, open } = useOwnWic();
  const [problem, setProblem] = useState<SimProblem>();
  const isAsking = client !== undefined && own === undefined && problem === undefined;

  useEffect(() => {
    if (!isAsking) return;
    let isStale = false;
    const ask = async (): Promise<void> => {
      try {
        const { impi, impu } = await client.identify();
        if (isStale) return;
        knownSim.setKnown(true);
        const person: Person = { way: 'sim', impu, impi, displayName: undefined };
        const credentials = { kind: 'aka', impi, authenticate: client.authenticate } as const;
        open(person, () => openWic(person, credentials, configuration));
      } catch (error) {
        if (!(error instanceof SimUnavailable)) throw error;
        if (error.problem === 'no profile') knownSim.setKnown(false);
        if (!isStale) setProblem(error.problem);
      }
    };
    void ask();
    return () => {
      isStale = true;
    };
  }, [isAsking, client, knownSim, open, openWic, configuration]);

  return { own, problem, retry: () => setProblem(undefined) };
}
