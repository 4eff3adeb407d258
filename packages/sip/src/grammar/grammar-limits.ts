/**
 * How much one header field value may hold.
 *
 * @module
 */

export interface GrammarLimits {
  /** Parameters of one value. */
  readonly parameters: number;
  /** Comments within comments (RFC 3261 25.1). */
  readonly nesting: number;
}

export const defaultGrammarLimits: GrammarLimits = { parameters: 64, nesting: 16 };
