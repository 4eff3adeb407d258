/**
 * How large and how intricate a document may be.
 *
 * @module
 */

export interface ReginfoLimits {
  /** Of the document; also the bound of its characters. */
  readonly octets: number;
  readonly elements: number;
  /** Of one element, declarations of namespaces among them. */
  readonly attributes: number;
  /** `reginfo`, `registration`, `contact` and what is in it are four. */
  readonly depth: number;
}

export const defaultReginfoLimits: ReginfoLimits = { octets: 131_072, elements: 4_000, attributes: 32, depth: 8 };
