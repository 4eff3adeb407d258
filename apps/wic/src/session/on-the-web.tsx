/**
 * In by a web session: of a user who signed in (TS 33.203 X.3), or of a guest (X.4).
 *
 * @module
 */
import type { Wic } from '@wicgate/wic-sdk';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { FailureAction } from '../texts/failure-text.ts';
import type { ClientConfiguration, SignedInSession, Wwsf } from '../wwsf/wwsf.ts';
import { GuestOver } from './guest-over.tsx';
import { keepLease } from './keep-lease.ts';
import { Loading } from './loading.tsx';
import type { OpenWic, Person } from './person.ts';
import { signOff, signOut } from './sign-out.ts';
import { Telephone } from './telephone.tsx';
import { createWebCredentials } from './web-credentials.ts';

export interface OnTheWebProps {
  readonly session: SignedInSession;
  readonly configuration: ClientConfiguration;
  readonly wwsf: Wwsf;
  readonly openWic: OpenWic;
  readonly navigate: (address: string) => void;
  /** A guest wants to go on as one. */
  readonly onGuest: () => void;
}

/** Registers without being asked: whoever signed in wants to be called. */
export function OnTheWeb({ session, configuration, wwsf, openWic, navigate, onGuest }: OnTheWebProps): ReactNode {
  const [own, setOwn] = useState<{ readonly person: Person; readonly wic: Wic }>();
  /** Where access can be allowed again, once it was withdrawn. */
  const grantPage = useRef('/sign-in');
  const isOver = useLeaseOver(session, wwsf, own?.wic);

  useEffect(() => {
    const person = personOf(session);
    const keepGrantPage = (location: string): void => {
      grantPage.current = location;
    };
    const wic = openWic(person, createWebCredentials(wwsf, keepGrantPage), configuration);
    setOwn({ person, wic });
    void wic.register();
    return () => wic.close();
  }, [session, configuration, openWic, wwsf]);

  if (isOver) return <GuestOver onContinue={onGuest} onLeave={() => navigate('/')} />;
  if (own === undefined) return <Loading />;
  const leave = async (): Promise<void> => {
    try {
      navigate(await signOut(own.wic, wwsf, session));
    } catch (error) {
      void own.wic.register();
      throw error;
    }
  };
  const act = (action: FailureAction): void => {
    if (action === 'Allow it again') navigate(grantPage.current);
    else if (session.kind === 'guest') onGuest();
    else navigate('/sign-in');
  };
  return <Telephone {...own} configuration={configuration} onSignOut={leave} onAction={act} />;
}

function personOf({ kind, impu, impi, displayName }: SignedInSession): Person {
  return { way: kind === 'guest' ? 'guest' : 'web', impu, impi, displayName: displayName ?? undefined };
}

/** Keeps the lease of a guest; true when it is over, and the network has been told. */
function useLeaseOver({ kind, csrfToken }: SignedInSession, wwsf: Wwsf, wic: Wic | undefined): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    if (kind !== 'guest' || wic === undefined) return;
    const renew = (): Promise<void> => wwsf.renewGuest(csrfToken);
    return keepLease({ renew, onOver: () => void signOff(wic).then(() => setOver(true)) });
  }, [kind, csrfToken, wwsf, wic]);
  return isOver;
}
