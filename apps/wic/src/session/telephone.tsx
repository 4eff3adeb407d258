/**
 * The telephone of somebody who has come in, whichever way.
 *
 * @module
 */
import { WicProvider } from '@wicgate/wic-react';
import type { RegistrationFailed, Wic } from '@wicgate/wic-sdk';
import { type ReactNode, useEffect } from 'react';
import { Phone, type PhoneProps } from '../phone/phone.tsx';

export interface TelephoneProps extends PhoneProps {
  readonly wic: Wic;
  /** The network did not accept the password: it is to be typed again. */
  readonly onCredentialsWrong?: (failed: RegistrationFailed) => void;
}

export function Telephone({ wic, onCredentialsWrong, ...phone }: TelephoneProps): ReactNode {
  useEffect(() => {
    const look = (): void => {
      const state = wic.registration.getSnapshot();
      if (state.status === 'failed' && state.detail === 'wrong credentials') onCredentialsWrong?.(state);
    };
    look();
    return wic.registration.subscribe(look);
  }, [wic, onCredentialsWrong]);

  return (
    <WicProvider wic={wic}>
      <Phone {...phone} />
    </WicProvider>
  );
}
