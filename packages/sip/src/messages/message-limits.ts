/**
 * How large and how intricate a message may be (RFC 3261 21.5.7).
 *
 * @module
 */
import { defaultGrammarLimits, type GrammarLimits } from '../grammar/grammar-limits.ts';

/** `parameters` and `nesting` bound a header field when it is read; 64 and 16 unless given. */
export interface MessageLimits extends Partial<GrammarLimits> {
  /** Octets of the whole message. */
  readonly messageOctets: number;
  readonly headerFields: number;
  /** Characters of one header field, folds included. */
  readonly headerFieldCharacters: number;
}

export const defaultLimits: MessageLimits = {
  messageOctets: 65_536,
  headerFields: 200,
  headerFieldCharacters: 16_384,
  ...defaultGrammarLimits,
};
