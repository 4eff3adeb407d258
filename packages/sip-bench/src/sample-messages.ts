/**
 * The messages of the benchmark: what a browser's INVITE, a REGISTER and a 200 to an INVITE look like at an IMS's edge.
 *
 * @module
 */

const sdp = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 198.51.100.23',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=msid-semantic: WMS 7c0f2d1e',
  'm=audio 49170 UDP/TLS/RTP/SAVPF 111 0 8 101',
  'c=IN IP4 198.51.100.23',
  'a=ice-ufrag:F7gI',
  'a=ice-pwd:x9cml/YzichV2+XlhiMu8gTz',
  'a=fingerprint:sha-256 49:66:12:17:0D:1C:91:AE:57:4C:C6:36:DD:D5:97:D2:7D:62:C9:9A:7F:B9:A3:F4:70:03:E7:43:91:73:23:5E',
  'a=setup:actpass',
  'a=mid:0',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=ssrc:3570614608 cname:4TOk42mSjXCkVIa6',
  'a=candidate:842163049 1 udp 1677729535 198.51.100.23 49170 typ srflx raddr 10.0.1.17 rport 49170 generation 0',
  'a=candidate:1467250027 1 udp 2122260223 10.0.1.17 49170 typ host generation 0 network-id 1 network-cost 10',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=maxptime:20',
  '',
].join('\r\n');

const inviteFields = [
  'Via: SIP/2.0/TCP ua7.access.example.net:5060;branch=z9hG4bK-d8754z-5b1e2f3a9c7d4e60;rport',
  'Max-Forwards: 70',
  'Route: <sip:edge1.ims.example.net:5060;transport=tcp;lr>',
  'Route: <sip:orig@scscf2.ims.example.net:6060;lr>',
  'From: "Alice Example" <sip:alice@ims.example.net>;tag=4fa3c0e2b9',
  'To: <sip:bob.builder@ims.example.net>',
  'Call-ID: 8e2c41d7b6f04a53a9f1c7d2@ua7.access.example.net',
  'CSeq: 3271 INVITE',
  'Contact: <sip:alice@ua7.access.example.net:5060;transport=tcp>;+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>"',
  'Allow: INVITE, ACK, CANCEL, BYE, PRACK, UPDATE, INFO, MESSAGE, OPTIONS',
  'Supported: 100rel, timer, outbound, gruu, path',
  'P-Preferred-Identity: <sip:alice@ims.example.net>',
  'P-Access-Network-Info: IEEE-802.11;i-wlan-node-id=0a1b2c3d4e5f',
  'P-Early-Media: supported',
  'Session-Expires: 1800;refresher=uac',
  'Min-SE: 90',
  'User-Agent: ExamplePhone/4.2',
  'Date: Sat, 13 Nov 2027 23:29:00 GMT',
  'Content-Type: application/sdp',
];

const registerFields = [
  'Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bKasudf8723hbs',
  'Max-Forwards: 70',
  'From: <sip:alice@ims.example.net>;tag=65bnmj34asd',
  'To: <sip:alice@ims.example.net>',
  'Call-ID: aiuy7k9njasd21837ua',
  'CSeq: 12 REGISTER',
  'Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>;reg-id=1;+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>";expires=600000',
  'Authorization: Digest username="alice@ims.example.net", realm="ims.example.net", nonce="a9f1c7d28e2c41d7b6f04a53", uri="sip:ims.example.net", response="6629fae49393a05397450978507c4ef1", algorithm=MD5, cnonce="0a4f113b", qop=auth, nc=00000001',
  'Supported: path, outbound, gruu',
  'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS',
  'User-Agent: ExamplePhone/4.2',
];

const okFields = [
  'Via: SIP/2.0/TCP edge1.ims.example.net:5060;branch=z9hG4bK4b43c2ff8.1;received=192.0.2.7',
  'Via: SIP/2.0/TCP ua7.access.example.net:5060;branch=z9hG4bK-d8754z-5b1e2f3a9c7d4e60;rport=49152;received=198.51.100.23',
  'Record-Route: <sip:edge1.ims.example.net:5060;transport=tcp;lr>',
  'From: "Alice Example" <sip:alice@ims.example.net>;tag=4fa3c0e2b9',
  'To: <sip:bob.builder@ims.example.net>;tag=314159',
  'Call-ID: 8e2c41d7b6f04a53a9f1c7d2@ua7.access.example.net',
  'CSeq: 3271 INVITE',
  'Contact: <sip:bob@192.0.2.201:5060;transport=tcp>',
  'Allow: INVITE, ACK, CANCEL, BYE, PRACK, UPDATE',
  'Content-Type: application/sdp',
];

function message(startLine: string, fields: readonly string[], body: string): string {
  return `${[startLine, ...fields, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`;
}

/** 1,900 octets, 20 header fields, an SDP offer; ASCII throughout. */
export const inviteText: string = message(
  'INVITE sip:bob.builder@ims.example.net;user=phone SIP/2.0',
  inviteFields,
  sdp,
);
/** 12 header fields, no body. */
export const registerText: string = message('REGISTER sip:ims.example.net SIP/2.0', registerFields, '');
/** 11 header fields, an SDP answer. */
export const okText: string = message('SIP/2.0 200 OK', okFields, sdp);
