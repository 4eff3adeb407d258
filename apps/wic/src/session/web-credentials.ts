/**
 * What whoever has a web session registers with: access tokens that the WWSF hands out (TS 33.203 X.3.2.3 step 1).
 *
 * @module
 */
import { AccessNotGranted, SignedOut, type WebCredentials } from '@wicgate/wic-sdk';
import { AccessWithdrawn, SessionEnded } from '../errors.ts';
import type { Wwsf } from '../wwsf/wwsf.ts';

/** `onWithdrawn` learns where the person can allow it again, before the registration fails. */
export function createWebCredentials(
  wwsf: Pick<Wwsf, 'readAccessToken'>,
  onWithdrawn: (location: string) => void,
): WebCredentials {
  return {
    kind: 'web',
    async accessToken() {
      try {
        return await wwsf.readAccessToken();
      } catch (error) {
        if (error instanceof SessionEnded) throw new SignedOut({ cause: error });
        if (!(error instanceof AccessWithdrawn)) throw error;
        onWithdrawn(error.location);
        throw new AccessNotGranted({ cause: error });
      }
    },
  };
}
