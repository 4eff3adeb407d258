/**
 * Functions of a program that this stack calls.
 *
 * @module
 */

/** What it returns is not looked at, except for a promise: that it is rejected is a fault, as if the function threw. */
export type Callback<Args extends readonly unknown[]> = ((...args: Args) => void) | ((...args: Args) => Promise<void>);
