/**
 * The screen of somebody who is signed in: the telephone.
 *
 * @module
 */
import { useActivity, useRegistration } from '@wicgate/wic-react';
import { type ReactNode, useRef, useState } from 'react';
import { CallPanel } from '../call/call-panel.tsx';
import { IncomingCall } from '../call/incoming-call.tsx';
import { Page } from '../parts/page.tsx';
import { useStrayPressGuard } from '../parts/use-stray-press-guard.ts';
import { useTitle } from '../parts/use-title.ts';
import { PreCallPage } from '../pre-call/pre-call-page.tsx';
import { usePreCallRoute } from '../pre-call/use-pre-call-route.ts';
import type { Person } from '../session/person.ts';
import { useRinging } from '../sounds/use-ringing.ts';
import type { FailureAction } from '../texts/failure-text.ts';
import { isolate, peerName, peerNameWithin } from '../texts/peer-name.ts';
import type { ClientConfiguration } from '../wwsf/wwsf.ts';
import { Account } from './account.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { ConnectionDetails } from './connection-details.tsx';
import { Desk } from './desk.tsx';
import { Elsewhere } from './elsewhere.tsx';
import { RegistrationFailed } from './registration-failed.tsx';
import { RegistrationStatus } from './registration-status.tsx';
import { type PhoneCalls, usePhoneCalls } from './use-phone-calls.ts';

export interface PhoneProps {
  readonly person: Person;
  readonly configuration: ClientConfiguration;
  /** Rejects when the person is still signed in. */
  readonly onSignOut: () => Promise<void>;
  /** What helps where the registration failed, other than to try again. */
  readonly onAction: (action: Exclude<FailureAction, 'Try again'>) => void;
}

export function Phone({ person, configuration, onSignOut, onAction }: PhoneProps): ReactNode {
  const { state: registration, register, retryNow } = useRegistration();
  const { activity, useHere } = useActivity();
  const calls = usePhoneCalls();
  const [target, setTarget] = useState('');
  const [showsDetails, setShowsDetails] = useState(false);
  const preCall = usePreCallRoute();
  const panel = useRef<HTMLElement>(null);
  const { live, incoming } = calls;
  useRinging(ringingOf(calls));
  useTitle(titleOf(calls));
  useStrayPressGuard(`${incoming?.id} ${live?.id}`);
  // Nothing stands before a call that rings.
  if (showsDetails && incoming !== undefined) setShowsDetails(false);

  const act = (action: FailureAction): void => {
    setShowsDetails(false);
    if (action === 'Try again') void register();
    else onAction(action);
  };
  const leave = (): Promise<void> => {
    preCall.close();
    return onSignOut();
  };
  const test = (): void => {
    setShowsDetails(false);
    preCall.open();
  };
  const idle = (): ReactNode => {
    if (activity.status === 'elsewhere') return <Elsewhere onUseHere={useHere} />;
    if (preCall.isOpen) return <PreCallPage onBack={preCall.close} />;
    if (registration.status === 'failed') {
      return <RegistrationFailed failed={registration} way={person.way} onAction={act} />;
    }
    return (
      <Desk
        person={person}
        ready={registration.status === 'registered'}
        target={target}
        onTargetChange={setTarget}
        calls={calls}
      />
    );
  };

  return (
    <Page
      full={live !== undefined}
      banner={<ConnectionBanner state={registration} onTryNow={retryNow} />}
      bar={
        <>
          <RegistrationStatus state={registration} way={person.way} />
          <Account
            person={person}
            onSignOut={leave}
            onShowDetails={() => setShowsDetails(true)}
            onTest={live === undefined ? preCall.open : undefined}
          />
        </>
      }
    >
      <div className={`flex min-h-0 flex-1 flex-col gap-5 ${live === undefined ? 'mx-auto w-full max-w-5xl' : ''}`}>
        <CallPanel
          call={preCall.isOpen ? (live ?? incoming) : calls.shown}
          panelRef={panel}
          onShowDetails={() => setShowsDetails(true)}
        />
        {live === undefined && idle()}
      </div>
      {showsDetails && (
        <ConnectionDetails
          state={registration}
          person={person}
          configuration={configuration}
          call={live}
          onAction={act}
          onTest={test}
          onClose={() => setShowsDetails(false)}
        />
      )}
      {incoming !== undefined && (
        <IncomingCall
          key={incoming.id}
          call={incoming}
          inCallWith={live === undefined ? undefined : peerNameWithin(live.peer)}
          panelRef={panel}
          onAnswer={calls.answer}
        />
      )}
    </Page>
  );
}

function ringingOf({ incoming, live, liveStatus }: PhoneCalls): Parameters<typeof useRinging>[0] {
  if (incoming !== undefined) return live === undefined ? 'ring in' : 'call waiting';
  return liveStatus === 'ringing' ? 'ring out' : undefined;
}

function titleOf({ incoming, live }: PhoneCalls): string | undefined {
  if (incoming !== undefined) return `${isolate(peerName(incoming.peer))} is calling`;
  return live === undefined ? undefined : isolate(peerName(live.peer));
}
