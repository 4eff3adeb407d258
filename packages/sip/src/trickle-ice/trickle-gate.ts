/**
 * When INFO with candidates may leave: not before both ends have the dialog (RFC 8840 4.3).
 *
 * @module
 */

/** Which end of the INVITE this is. */
export type TrickleRole = 'offerer' | 'answerer';

/** What happens to the INVITE that makes the dialog; `offerer` sent it. */
export type TrickleEvent =
  /** 18x with a To tag, reliable or not. */
  | 'provisional received'
  | 'success received'
  | 'provisional sent'
  /** PRACK for a reliable 18x. */
  | 'PRACK received'
  | 'success sent'
  | 'ACK received'
  /** Any request in the dialog: the far end has it (RFC 8840 4.3.1). */
  | 'request received';

/** What opens the gate. An answerer's unreliable 18x may be lost, and so may its 2xx. */
export const trickleGate: Readonly<Record<TrickleRole, ReadonlySet<TrickleEvent>>> = {
  offerer: new Set(['provisional received', 'success received', 'request received']),
  answerer: new Set(['PRACK received', 'ACK received', 'request received']),
};
