/**
 * What whoever has a web session registers with: access tokens that the WWSF hands out (TS 33.203 X.3.2.3 step 1).
 *
 * @module
 */
import { SignedOut, type WebCredentials } from '@wicgate/wic-sdk';
import { SessionEnded } from '../errors.ts';
import type { Wwsf } from '../wwsf/wwsf.ts';

export function createWebCredentials(wwsf: Pick<Wwsf, 'readAccessToken'>): WebCredentials {
  return {
    kind: 'web',
    async accessToken() {
      try {
        return await wwsf.readAccessToken();
      } catch (error) {
        if (error instanceof SessionEnded) throw new SignedOut({ cause: error });
        throw error;
      }
    },
  };
}
