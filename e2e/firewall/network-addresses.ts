/**
 * The addresses of a network of the tests: a /29 of 198.18.0.0/15, which is for tests of networks and routed nowhere
 * (RFC 2544 C.2.2).
 *
 * @module
 */

export interface NetworkAddresses {
  /** Our end of the cable. */
  readonly proxy: string;
  readonly wwsf: string;
  readonly waf: string;
  readonly epCscf: string;
  readonly turn: string;
  /** The end inside. */
  readonly client: string;
}

/** How many such networks there may be. */
export const networkCount = 16_384;

export function addressesOf(index: number): NetworkAddresses {
  const at = (host: number): string => {
    const offset = index * 8 + host;
    return `198.${18 + (offset >> 16)}.${(offset >> 8) & 255}.${offset & 255}`;
  };
  return { proxy: at(1), wwsf: at(2), waf: at(3), epCscf: at(4), turn: at(5), client: at(6) };
}
