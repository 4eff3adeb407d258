/**
 * Builds a request and a 200 to it, and prints both as they go on the wire.
 *
 *     node packages/sip-node/examples/build.ts
 *
 * @module
 */
import { createResponse, decodeUtf8, formatMessage, Headers, noBody, type SipRequest } from '@wicgate/sip';

// A message is plain immutable data. A transaction layer adds the Via; without one it is yours to write.
const request: SipRequest = {
  method: 'OPTIONS',
  requestUri: 'sip:bob@example.com',
  headers: Headers.of(
    ['Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK776asdhds;rport'],
    ['Max-Forwards', '70'],
    ['From', '<sip:alice@example.com>;tag=1928301774'],
    ['To', '<sip:bob@example.com>'],
    ['Call-ID', 'a84b4c76e66710@192.0.2.1'],
    ['CSeq', '63104 OPTIONS'],
  ),
  body: noBody,
};
console.log(decodeUtf8(formatMessage(request)));

// Via, From, To, Call-ID and CSeq come from the request; Content-Length is always that of the body.
const response = createResponse(request, 200, {
  toTag: 'a6c85cf',
  headers: [['Allow', 'INVITE, ACK, CANCEL, OPTIONS, BYE']],
});
console.log(decodeUtf8(formatMessage(response)));

// A change makes a new message.
const forwarded = { ...request, headers: request.headers.set('Max-Forwards', '69').withoutFirst('Via') };
console.log(decodeUtf8(formatMessage(forwarded)));
