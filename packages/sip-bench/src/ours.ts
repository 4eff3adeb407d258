/**
 * What @wicgate/sip does in the benchmark, as a gateway does it.
 *
 * @module
 */
import {
  createResponse,
  decrementMaxForwards,
  formatMessage,
  isRequest,
  parseMessage,
  readCSeq,
  readNameAddr,
  readVia,
  type SipRequest,
} from '@wicgate/sip';
import type { Essentials } from './strangers.ts';

export function read(octets: Uint8Array): Essentials {
  const { headers } = parseMessage(octets);
  const from = readNameAddr(headers, 'From');
  const to = readNameAddr(headers, 'To');
  const { number, method } = readCSeq(headers);
  const { host, port, params } = readVia(headers);
  return {
    fromUri: from.uri,
    fromTag: from.params.get('tag') ?? '',
    toUri: to.uri,
    callId: headers.first('Call-ID') ?? '',
    cseq: number,
    method,
    branch: params.get('branch') ?? '',
    sentBy: `${host}:${port}`,
  };
}

/** Octets in, octets out: what a proxy on the path does to a request (RFC 3261 16.6). */
export function forward(octets: Uint8Array): Uint8Array {
  const request = parseMessage(octets);
  if (!isRequest(request)) throw new TypeError('expected a request');
  const headers = request.headers
    .without('P-Preferred-Identity', 'P-Early-Media')
    .withoutFirst('Route')
    .prepend('Record-Route', '<sip:edge1.ims.example.net:5060;transport=tcp;lr>')
    .prepend('Via', 'SIP/2.0/TCP edge1.ims.example.net:5060;branch=z9hG4bK4b43c2ff8.1');
  const { method, requestUri, body } = request;
  return formatMessage(decrementMaxForwards({ method, requestUri, headers, body }));
}

export function readRequest(octets: Uint8Array): SipRequest {
  const request = parseMessage(octets);
  if (!isRequest(request)) throw new TypeError('expected a request');
  return request;
}

export function createOk(request: SipRequest): Uint8Array {
  return formatMessage(createResponse(request, 200, { toTag: '314159' }));
}
