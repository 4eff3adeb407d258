/**
 * What a reason phrase says about an error (RFC 3261 21.4.1: it should name the problem).
 *
 * @module
 */
import { HeaderMalformed, HeaderMissing, MessageMalformed, type SipError } from '../errors.ts';
import { reasonPhraseOf } from './reason-phrases.ts';

const longestPhrase = 120;

/**
 * `Malformed CSeq`, `Missing Via`, `Repeated To` and the like; the phrase of the registry for all other errors. It
 * names the header field and never shows a value.
 */
export function reasonOfError(error: SipError): string {
  if (error instanceof HeaderMalformed) return clean(`Malformed ${error.header}`);
  if (error instanceof HeaderMissing) return clean(`${error.found === 0 ? 'Missing' : 'Repeated'} ${error.header}`);
  if (error instanceof MessageMalformed) return clean(`Malformed Message, expected ${error.expected}`);
  return reasonPhraseOf(error.statusCode);
}

/** A caller may have named a header field by what a peer sent: only printable ASCII goes out, and not much of it. */
function clean(phrase: string): string {
  return phrase.replaceAll(/[^ -~]/gu, '').slice(0, longestPhrase);
}
