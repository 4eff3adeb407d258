/**
 * What the specification asks for, one sentence a row, and which tests speak about it.
 *
 * @module
 */

export type FunctionName =
  | 'WIC'
  | 'ME'
  | 'WWSF'
  | 'WAF'
  | 'eP-CSCF'
  | 'I-CSCF'
  | 'S-CSCF'
  | 'HSS'
  | 'TURN server'
  | 'eIMS-AGW'
  | 'operator';

/** One sentence of a clause, or one item of a function's checklist. */
export interface Requirement {
  /** `X.2.3.3 a`, `X.3.2.3-5.1 b`, `REQ 2.1`, `S-CSCF 7`: a clause, and a letter where it has several sentences. */
  readonly id: string;
  /** The functions that it binds. */
  readonly on: readonly FunctionName[];
  /** The sentence in our own words. */
  readonly says: string;
  /**
   * Which tests of the clause speak about this sentence: a regular expression over their titles. Without one all do.
   * Tests that name the id itself need not match.
   */
  readonly about?: string;
  /** Further tags whose tests speak about it. */
  readonly also?: readonly string[];
  /**
   * Which of these tests show a violation refused: a regular expression over their titles; without one the usual words
   * of a refusal decide. False where there is nothing to refuse, since nobody outside can violate the sentence.
   */
  readonly refused?: string | false;
  /** Why nothing is to be shown. */
  readonly notApplicable?: string;
}

/** A family of clauses: a section of the table. */
export interface Chapter {
  readonly title: string;
  readonly requirements: readonly Requirement[];
}

/** The clause of a row: its id without the letter of the sentence. */
export function clauseOf(id: string): string {
  return id.replace(/ [a-z]$/u, '');
}
