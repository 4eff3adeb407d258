/**
 * Timer values (RFC 3261 17.1.1.1 and table 4), in milliseconds.
 *
 * @module
 */

/** Estimate of the round-trip time. */
export const T1 = 500;
/** Longest retransmission interval of non-INVITE requests and INVITE responses. */
export const T2 = 4_000;
/** How long a message stays in the network. */
export const T4 = 5_000;
