/**
 * By which clause a user is registered, for the log.
 *
 * @module
 */
import type { RegisteredScheme } from '../authentication/authentication-scheme.ts';

export const schemeClauses: Readonly<Record<RegisteredScheme, string>> = {
  'Trusted Node Authentication': 'TS 33.203 X.3.2.3 step 6.1',
  'SIP Digest': 'TS 33.203 N.2.1.1',
  'IMS AKA': 'TS 33.203 6.1.1',
  'IMS AKA over TLS': 'TS 33.203 X.2.3.3',
};
