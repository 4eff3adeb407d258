/**
 * The end of a call that something thrown brings about.
 *
 * @module
 */
import type { CallEnd } from './call-user.ts';

/** What was thrown, as an Error in any case. */
export function faultOf(error: unknown): CallEnd {
  const isError = error instanceof Error;
  return { by: 'fault', error: isError ? error : new Error('the session failed', { cause: error }) };
}
