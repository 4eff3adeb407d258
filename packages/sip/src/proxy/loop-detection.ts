/**
 * Loop detection (RFC 3261 16.3 step 4 and 16.6 step 8, corrected by RFC 5393 4).
 *
 * Each branch of ours ends in a hash of everything that decides where a request goes. A request that comes back with
 * that hash in a Via would be sent the same way again: a loop. One that comes back changed, as it does twice on its way
 * through a CSCF, is a spiral and goes on.
 *
 * @module
 */
import { parseCSeq } from '../headers/cseq.ts';
import { parseNameAddr } from '../headers/name-addr.ts';
import type { SipRequest } from '../messages/message.ts';
import { sipHash, sipHashKey } from './sip-hash.ts';

export class LoopDetection {
  readonly #key: Uint8Array;

  /** `secret` sets our branches apart from those of all others: at least 128 random bits, in any alphabet. */
  constructor(secret: string) {
    this.#key = sipHashKey(secret);
  }

  /** How the branches of `received`, the request as it came, shall end. @throws {HeaderMalformed} */
  branchEnd(received: SipRequest): string {
    return `.${sipHash(this.#key, decisiveText(received))}`;
  }

  /** Whether the request has passed here with this very `branchEnd`. */
  isLoop({ headers }: SipRequest, branchEnd: string): boolean {
    return headers.all('Via').some((via) => via.includes(branchEnd));
  }
}

/** RFC 5393 4.2: Request-URI, Route, the tags, Call-ID, CSeq number, Proxy-Require and Proxy-Authorization; no Via. */
function decisiveText({ requestUri, headers }: SipRequest): string {
  return [
    requestUri,
    headers.all('Route').join(),
    tagOf(headers.first('From'), 'From'),
    tagOf(headers.first('To'), 'To'),
    headers.first('Call-ID'),
    parseCSeq(headers.first('CSeq') ?? '').number,
    headers.all('Proxy-Require').join(),
    headers.all('Proxy-Authorization').join(),
  ].join('\n');
}

function tagOf(value: string | undefined, name: string): string {
  return parseNameAddr(value ?? '', name).params.get('tag') ?? '';
}
