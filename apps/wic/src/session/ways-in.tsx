/**
 * The screens of somebody who has no web session: the ways in, and those ways that need none.
 *
 * @module
 */
import { chooseWay, type WayIn } from '@wicgate/wic-sdk';
import { CardSim } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { MessageCard } from '../parts/message-card.tsx';
import { Page } from '../parts/page.tsx';
import { useStrayPressGuard } from '../parts/use-stray-press-guard.ts';
import { RegistrationStatus } from '../phone/registration-status.tsx';
import { ByPassword } from './by-password.tsx';
import { BySim, type BySimProps } from './by-sim.tsx';
import type { SignInOutcome } from './sign-in-outcome.ts';
import { Welcome } from './welcome.tsx';

export interface WaysInProps extends Omit<BySimProps, 'isimOrigin' | 'onLeave'> {
  readonly outcome: SignInOutcome | undefined;
  readonly onSignIn: () => void;
  readonly onGuest: () => void;
}

type Screen = 'welcome' | 'password' | 'SIM' | 'SIM comes first';

export function WaysIn({ outcome, onSignIn, onGuest, ...props }: WaysInProps): ReactNode {
  const { configuration, openWic, knownSim } = props;
  const { ways, isimOrigin } = configuration;
  const [screen, setScreen] = useState<Screen>('welcome');
  useStrayPressGuard(screen);
  const toWelcome = (): void => setScreen('welcome');
  const offered = ways.filter((way) => way !== 'sim' || isimOrigin !== null);

  const choose: Readonly<Record<WayIn, () => void>> = {
    web: onSignIn,
    guest: onGuest,
    sim: () => setScreen('SIM'),
    digest: () =>
      setScreen(preferredTo('digest', offered, knownSim.isKnown()) === 'sim' ? 'SIM comes first' : 'password'),
  };
  const dropSim = (): void => {
    knownSim.setKnown(false);
    setScreen('password');
  };

  if (screen === 'password') {
    return <ByPassword configuration={configuration} openWic={openWic} onLeave={toWelcome} />;
  }
  if (screen === 'SIM' && isimOrigin !== null) return <BySim {...props} isimOrigin={isimOrigin} onLeave={toWelcome} />;
  if (screen === 'SIM comes first') return <SimComesFirst onUse={choose.sim} onDrop={dropSim} onBack={toWelcome} />;
  return <Welcome ways={offered} isSimKnown={knownSim.isKnown()} outcome={outcome} onChoose={(way) => choose[way]()} />;
}

/** IMS AKA is used where there is a SIM, whatever else was chosen (TS 33.203 X.2.1). */
function preferredTo(chosen: WayIn, offered: readonly WayIn[], isSimKnown: boolean): WayIn | undefined {
  return chooseWay(offered, new Set(isSimKnown ? ['sim', chosen] : [chosen]));
}

interface SimComesFirstProps {
  readonly onUse: () => void;
  readonly onDrop: () => void;
  readonly onBack: () => void;
}

function SimComesFirst({ onUse, onDrop, onBack }: SimComesFirstProps): ReactNode {
  return (
    <Page bar={<RegistrationStatus state={{ status: 'not registered' }} />}>
      <div className="flex flex-1 items-center">
        <MessageCard
          icon={CardSim}
          title="Your SIM comes first"
          text="You have used a SIM in this browser. It is safer than a password, so it is used where there is one."
        >
          <Button look="primary" onClick={onUse}>
            Use SIM
          </Button>
          <Button look="secondary" onClick={onDrop}>
            I no longer have it
          </Button>
          <Button look="quiet" onClick={onBack}>
            Choose another way
          </Button>
        </MessageCard>
      </div>
    </Page>
  );
}
