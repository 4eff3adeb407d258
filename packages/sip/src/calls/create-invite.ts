/**
 * The INVITE that makes a call (RFC 3261 8.1.1, 13.2.1).
 *
 * @module
 */
import { formatCSeq, readCSeq } from '../headers/cseq.ts';
import { Headers } from '../headers/headers.ts';
import { noBody, type SipRequest } from '../messages/message.ts';
import { type HeaderPairs, requestSessionTimer, type SessionTimerWish } from '../session-timers/session-interval.ts';
import type { Flow } from '../transactions/flow.ts';
import { formatUri, parseUri } from '../uris/uri.ts';
import type { CallContext } from './call-context.ts';
import { capabilitiesOf, descriptionHeaders } from './capabilities.ts';

/** Who is called, and by whom. */
export interface CallTarget {
  readonly requestUri: string;
  /** Value of From without a tag, e.g. `<sip:alice@example.com>`. */
  readonly from: string;
  /** Value of To; unless given `<requestUri>`, without what only says how to get there. */
  readonly to?: string;
  /** Route, P-Preferred-Identity and the like. */
  readonly headers?: HeaderPairs;
  /** Whether the INVITE has the offer; true unless given. Otherwise the far end makes it. */
  readonly hasOffer?: boolean;
}

/** What a URI in From and To has no place for, beside port and header fields (RFC 3261 19.1.1, table 1). */
const placeParams: ReadonlySet<string> = new Set(['lr', 'maddr', 'method', 'transport', 'ttl']);

/** @throws {HeaderMalformed} `requestUri` has the scheme of SIP, and not its grammar. */
export function createInvite<F extends Flow>(
  context: CallContext<F>,
  { requestUri, from, to = `<${partyOf(requestUri)}>`, headers = [] }: CallTarget,
  wish: SessionTimerWish | undefined,
  offer: Uint8Array | undefined,
): SipRequest {
  const { layer, contact } = context;
  return {
    method: 'INVITE',
    requestUri,
    headers: Headers.of(
      ['Max-Forwards', '70'],
      ['From', `${from};tag=${layer.createToken()}`],
      ['To', to],
      ['Call-ID', layer.createToken()],
      ['CSeq', '1 INVITE'],
      ['Contact', contact],
      ...capabilitiesOf(context),
      ...(wish === undefined ? [] : requestSessionTimer(wish)),
      ...headers,
      ...descriptionHeaders(offer),
    ),
    body: offer ?? noBody,
  };
}

/** The same INVITE with the next number and the session timer of `wish` (RFC 3261 8.1.3.5, RFC 4028 7.3). */
export function repeatInvite(invite: SipRequest, wish: SessionTimerWish | undefined): SipRequest {
  const { number, method } = readCSeq(invite.headers);
  let headers = invite.headers.set('CSeq', formatCSeq({ number: number + 1, method }));
  for (const [name, value] of wish === undefined ? [] : requestSessionTimer(wish)) headers = headers.set(name, value);
  return { ...invite, headers };
}

/** A URI without its place in the network. Those of other schemes stay as they are. */
function partyOf(text: string): string {
  if (!/^sips?:/iu.test(text)) return text;
  const uri = parseUri(text, 'Request-URI');
  if (uri.scheme === 'tel') return text;
  const params = new Map([...uri.params].filter(([name]) => !placeParams.has(name)));
  return formatUri({ ...uri, port: undefined, params, headers: '' });
}
