/**
 * The GRUUs that a registrar gave to a contact (RFC 5627 4.2, 8).
 *
 * @module
 */

import { SipError } from '../errors.ts';
import { unquote } from '../grammar/quoted-string.ts';
import type { Contact } from '../headers/contact.ts';
import { parseUri } from '../uris/uri.ts';

/** The GRUUs of one contact; undefined where the registrar gave none. */
export interface Gruus {
  /** Names the address of record and the instance; stays the same. */
  readonly publicGruu: string | undefined;
  /** Names nobody; a new one with each registration, all of them good for as long as that lasts. */
  readonly temporaryGruu: string | undefined;
}

/** From a Contact of a 2xx to REGISTER; what is no SIP or SIPS URI with `gr` counts as absent. */
export function findGruus({ params }: Contact): Gruus {
  return { publicGruu: readGruu(params.get('pub-gruu')), temporaryGruu: readGruu(params.get('temp-gruu')) };
}

/**
 * The URI for the Contact of a request or response that makes a dialog (RFC 5627 4.3): the temporary one where the user
 * wants to stay unknown, else the public one; `contactUri` where the registrar gave none.
 */
export function chooseGruu({ publicGruu, temporaryGruu }: Gruus, isAnonymous: boolean, contactUri: string): string {
  return (isAnonymous ? temporaryGruu : (publicGruu ?? temporaryGruu)) ?? contactUri;
}

function readGruu(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = unquote(value);
  try {
    const uri = parseUri(text, 'Contact');
    return uri.scheme !== 'tel' && uri.params.has('gr') ? text : undefined;
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}
