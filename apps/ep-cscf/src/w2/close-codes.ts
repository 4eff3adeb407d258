/**
 * With which codes the eP-CSCF closes a WebSocket (RFC 6455 7.4), so that a WIC knows what to do next.
 *
 * @module
 */

/** It is refused, or put out by the network: the user shall stay out (RFC 6455 7.4.1). */
export const policyViolation = 1_008;

/**
 * A newer connection of the same WIC has taken the flow over. It is of the private range (RFC 6455 7.4.2), so that a
 * WIC can tell it from a refusal and does not fight for the flow.
 */
export const flowReplaced = 4_000;

/**
 * The registration has ended, and the user shall register anew. A WIC that does not know the code takes the connection
 * for broken, and connects and registers again, which is what is asked for.
 */
export const registerAnew = 4_001;
