/**
 * The page: finds out who is signed in and shows what fits.
 *
 * @module
 */
import type { ComponentType, ReactNode } from 'react';
import type { IsimFrameProps } from './isim/isim-frame.tsx';
import type { RelayOnly } from './relay-only/relay-only.ts';
import { RelayOnlyContext } from './relay-only/relay-only-context.ts';
import { GuestEntry } from './session/guest-entry.tsx';
import type { KnownSim } from './session/known-sim.ts';
import { Loading } from './session/loading.tsx';
import { OnTheWeb } from './session/on-the-web.tsx';
import type { OpenWic } from './session/person.ts';
import type { SignInOutcome } from './session/sign-in-outcome.ts';
import { Unreachable } from './session/unreachable.tsx';
import { useGuestEntry } from './session/use-guest-entry.ts';
import { useSession } from './session/use-session.ts';
import { WaysIn } from './session/ways-in.tsx';
import type { Wwsf } from './wwsf/wwsf.ts';

export interface AppProps {
  readonly wwsf: Wwsf;
  readonly openWic: OpenWic;
  readonly signInOutcome: SignInOutcome | undefined;
  readonly knownSim: KnownSim;
  readonly relayOnly: RelayOnly;
  /** Draws the page that is the SIM. */
  readonly SimFrame: ComponentType<IsimFrameProps>;
  /** Leaves for another address. */
  readonly navigate: (address: string) => void;
}

export function App({ relayOnly, ...props }: AppProps): ReactNode {
  return (
    <RelayOnlyContext value={relayOnly}>
      <Screens {...props} />
    </RelayOnlyContext>
  );
}

function Screens({
  wwsf,
  openWic,
  signInOutcome,
  knownSim,
  SimFrame,
  navigate,
}: Omit<AppProps, 'relayOnly'>): ReactNode {
  const { state, retry } = useSession(wwsf);
  const { entry, enter, cancel } = useGuestEntry(wwsf, retry);
  if (entry !== undefined) return <GuestEntry entry={entry} onRetry={enter} onBack={cancel} />;
  switch (state.status) {
    case 'loading':
      return <Loading />;
    case 'unreachable':
      return <Unreachable onRetry={retry} />;
    case 'signed out':
      return (
        <WaysIn
          configuration={state.configuration}
          openWic={openWic}
          SimFrame={SimFrame}
          knownSim={knownSim}
          outcome={signInOutcome}
          onSignIn={() => navigate('/sign-in')}
          onGuest={enter}
        />
      );
    case 'signed in':
      return (
        <OnTheWeb
          session={state.session}
          configuration={state.configuration}
          wwsf={wwsf}
          openWic={openWic}
          navigate={navigate}
          onGuest={enter}
        />
      );
  }
}
