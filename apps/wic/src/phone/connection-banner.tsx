/**
 * Says why calls do not go just now, over the whole width.
 *
 * @module
 */
import type { RegistrationState } from '@wicgate/wic-sdk';
import { CloudOff, LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../parts/button.tsx';
import { useSecondsLeft } from '../parts/use-seconds-left.ts';
import { isReconnecting } from '../texts/registration-text.ts';
import { useOnline } from './use-online.ts';

export interface ConnectionBannerProps {
  readonly state: RegistrationState;
  /** Not to wait any longer. */
  readonly onTryNow: () => void;
}

/** Nothing while all is well. The registration status speaks to screen readers, so this does not. */
export function ConnectionBanner({ state, onTryNow }: ConnectionBannerProps): ReactNode {
  const online = useOnline();
  if (!online) {
    return (
      <Banner icon={<CloudOff className={iconSize} />}>
        You are offline. Wicgate connects again by itself as soon as the network is back.
      </Banner>
    );
  }
  if (state.status !== 'registering' || !isReconnecting(state)) return null;
  const { attempt, retryAtMs } = state;
  return <Reconnecting lasts={attempt >= attemptsUntilHint} atMs={retryAtMs} onTryNow={onTryNow} />;
}

const iconSize = 'size-5 shrink-0';

/** From here on it is no mere moment: the page may have come through a network that keeps the rest out (W.3.1.1). */
const attemptsUntilHint = 3;

interface ReconnectingProps extends Pick<ConnectionBannerProps, 'onTryNow'> {
  readonly lasts: boolean;
  readonly atMs: number | undefined;
}

/** The button stays where it is while it has nothing to do: who has pressed it is still there. */
function Reconnecting({ lasts, atMs, onTryNow }: ReconnectingProps): ReactNode {
  const seconds = useSecondsLeft(atMs) ?? 0;
  return (
    <Banner
      icon={
        lasts ? <CloudOff className={iconSize} /> : <LoaderCircle className={`${iconSize} motion-safe:animate-spin`} />
      }
      button={
        <Button look="warn" size="small" disabled={seconds === 0} onClick={onTryNow}>
          Try now
        </Button>
      }
    >
      No connection to the phone network. {seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again…'}
      {lasts && ' If this lasts, a firewall or proxy of your network may be in the way: try another network.'}
    </Banner>
  );
}

interface BannerProps {
  readonly icon: ReactNode;
  readonly button?: ReactNode;
  readonly children: ReactNode;
}

function Banner({ icon, button, children }: BannerProps): ReactNode {
  return (
    <section
      aria-label="Connection"
      className="border-warn-line border-b bg-warn-tint text-[0.9375rem] text-warn-ink motion-safe:animate-rise"
    >
      <div className="mx-auto flex max-w-6xl items-center gap-3 px-4 py-2.5 sm:px-6">
        {icon}
        <p className="min-w-0 flex-1">{children}</p>
        {button}
      </div>
    </section>
  );
}
