/**
 * Server-Capabilities (TS 29.229 6.3.4): what the I-CSCF selects an S-CSCF by.
 *
 * @module
 */

export interface ServerCapabilities {
  /** Capabilities that the S-CSCF must have, by the operator's own numbering. */
  readonly mandatory: readonly number[];
  /** Capabilities that the S-CSCF should have. */
  readonly optional: readonly number[];
  /** SIP URIs of the S-CSCFs preferred for this user, best first. */
  readonly serverNames: readonly string[];
}
