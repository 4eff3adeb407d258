/**
 * In by SIP password (TS 33.203 X.2.2): the form, and the telephone once it has been sent.
 *
 * The password goes into the WIC, which makes H(A1) of it at once; nothing of either is stored.
 *
 * @module
 */
import type { RegistrationFailed } from '@wicgate/wic-sdk';
import { type ReactNode, useCallback, useState } from 'react';
import { Page } from '../parts/page.tsx';
import { useStrayPressGuard } from '../parts/use-stray-press-guard.ts';
import { RegistrationStatus } from '../phone/registration-status.tsx';
import { failureText } from '../texts/failure-text.ts';
import type { ClientConfiguration } from '../wwsf/wwsf.ts';
import { type PasswordAccount, PasswordForm, type TypedIdentities } from './password-form.tsx';
import type { OpenWic, Person } from './person.ts';
import { signOff } from './sign-out.ts';
import { Telephone } from './telephone.tsx';
import { useOwnWic } from './use-own-wic.ts';

export interface ByPasswordProps {
  readonly configuration: ClientConfiguration;
  readonly openWic: OpenWic;
  /** Out again, to the ways in. */
  readonly onLeave: () => void;
}

const nothingTyped: TypedIdentities = { publicIdentity: '', privateIdentity: '' };

export function ByPassword({ configuration, openWic, onLeave }: ByPasswordProps): ReactNode {
  const { own, open, drop } = useOwnWic();
  const [typed, setTyped] = useState(nothingTyped);
  const [refused, setRefused] = useState<RegistrationFailed>();
  useStrayPressGuard(own === undefined ? 'form' : 'telephone');

  const register = ({ typed: identities, impu, credentials }: PasswordAccount): boolean => {
    setTyped(identities);
    const person: Person = { way: 'digest', impu, impi: credentials.impi, displayName: undefined };
    try {
      open(person, () => openWic(person, credentials, configuration));
      return true;
    } catch (error) {
      if (error instanceof TypeError) return false;
      throw error;
    }
  };
  const askAgain = useCallback(
    (failed: RegistrationFailed): void => {
      setRefused(failed);
      drop();
    },
    [drop],
  );

  if (own === undefined) {
    return (
      <Page bar={<RegistrationStatus state={refused ?? { status: 'not registered' }} way="digest" />}>
        <PasswordForm
          homeDomain={configuration.homeDomain}
          initial={typed}
          refusal={refused === undefined ? undefined : failureText(refused, 'digest')}
          onRegister={register}
          onBack={onLeave}
        />
      </Page>
    );
  }
  const signOut = async (): Promise<void> => {
    await signOff(own.wic);
    onLeave();
  };
  return (
    <Telephone
      {...own}
      configuration={configuration}
      onSignOut={signOut}
      onAction={onLeave}
      onCredentialsWrong={askAgain}
    />
  );
}
