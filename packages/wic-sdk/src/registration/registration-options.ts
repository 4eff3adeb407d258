/**
 * What a registration needs of the WIC around it.
 *
 * @module
 */
import type { Line } from '../flow/line.ts';
import type { Platform } from '../platform.ts';
import type { Authentication } from './authentication.ts';
import type { Registered } from './register-outcome.ts';
import type { Registrar } from './registrar.ts';

export interface RegistrationOptions {
  readonly platform: Platform;
  readonly line: Line;
  readonly registrar: Registrar;
  readonly displayName: string | undefined;
  /** URL of the eP-CSCF's WebSocket. */
  readonly gateway: string;
  /** What the next REGISTER is authenticated by. Rejects with a SignedOut when the web session has ended. */
  readonly authenticate: () => Promise<Authentication>;
  /** After each success; `isNewFlow` unless it was renewed on the connection there was. */
  readonly onRegistered: (registered: Registered, isNewFlow: boolean) => void;
  /** The registration is gone; `forGood` unless a new one is on its way. */
  readonly onUnregistered: (forGood: boolean) => void;
}
