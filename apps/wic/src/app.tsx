/**
 * The page: finds out who is signed in and shows what fits.
 *
 * @module
 */
import { WicProvider } from '@wicgate/wic-react';
import type { Wic } from '@wicgate/wic-sdk';
import { type ReactNode, useEffect, useState } from 'react';
import { Phone } from './phone/phone.tsx';
import { Loading } from './session/loading.tsx';
import type { SignInOutcome } from './session/sign-in-outcome.ts';
import { signOut } from './session/sign-out.ts';
import { Unreachable } from './session/unreachable.tsx';
import { useSession } from './session/use-session.ts';
import { Welcome } from './session/welcome.tsx';
import type { ClientConfiguration, SignedInSession, Wwsf } from './wwsf/wwsf.ts';

/** Makes the WIC of a person who is signed in. */
export type OpenWic = (session: SignedInSession, configuration: ClientConfiguration) => Wic;

export interface AppProps {
  readonly wwsf: Wwsf;
  readonly openWic: OpenWic;
  readonly signInOutcome: SignInOutcome | undefined;
  /** Leaves for another address. */
  readonly navigate: (address: string) => void;
}

export function App({ wwsf, openWic, signInOutcome, navigate }: AppProps): ReactNode {
  const { state, retry } = useSession(wwsf);
  const signIn = (): void => navigate('/sign-in');
  switch (state.status) {
    case 'loading':
      return <Loading />;
    case 'unreachable':
      return <Unreachable onRetry={retry} />;
    case 'signed out':
      return <Welcome outcome={signInOutcome} onSignIn={signIn} />;
    case 'signed in':
      return (
        <SignedIn
          session={state.session}
          configuration={state.configuration}
          wwsf={wwsf}
          openWic={openWic}
          navigate={navigate}
        />
      );
  }
}

interface SignedInProps extends Pick<AppProps, 'wwsf' | 'openWic' | 'navigate'> {
  readonly session: SignedInSession;
  readonly configuration: ClientConfiguration;
}

/** Registers without being asked: whoever signed in wants to be called. */
function SignedIn({ session, configuration, wwsf, openWic, navigate }: SignedInProps): ReactNode {
  const [wic, setWic] = useState<Wic>();

  useEffect(() => {
    const opened = openWic(session, configuration);
    setWic(opened);
    void opened.register();
    return () => opened.close();
  }, [session, configuration, openWic]);

  if (wic === undefined) return <Loading />;
  const leave = async (): Promise<void> => {
    try {
      navigate(await signOut(wic, wwsf, session));
    } catch (error) {
      void wic.register();
      throw error;
    }
  };
  return (
    <WicProvider wic={wic}>
      <Phone session={session} onSignIn={() => navigate('/sign-in')} onSignOut={leave} />
    </WicProvider>
  );
}
