/**
 * What the eP-CSCF has read from files when it starts.
 *
 * @module
 */
import type { TlsIdentity } from '@wicgate/sip-node';
import type { Authorization } from './authorization/create-authorization.ts';

export interface EpCscfFiles {
  readonly w2Tls: { readonly cert: Buffer; readonly key: Buffer };
  readonly mwTls: TlsIdentity;
  /** PEM of the authorities of TURN servers; undefined: those of the system. */
  readonly turnCa: Buffer | undefined;
  readonly flowTokenKey: Uint8Array;
  readonly authorization: Authorization;
}
