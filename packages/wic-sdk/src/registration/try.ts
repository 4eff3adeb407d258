/**
 * What is under way for a registration; the next try or wait has one of its own, so that nothing is left over.
 *
 * @module
 */

export interface Try {
  /** A REGISTER is on its way on the connection that there is. */
  isRenewing: boolean;
  /** The network closed that connection meanwhile. */
  wasEnded: boolean;
  /** The network wants another REGISTER, so long after that. */
  renewAgainMs: number | undefined;
  /** The network asked to be left alone until the timer fires. */
  mustWait: boolean;
  stopTimer: (() => void) | undefined;
}

export function createTry(): Try {
  return { isRenewing: false, wasEnded: false, renewAgainMs: undefined, mustWait: false, stopTimer: undefined };
}
