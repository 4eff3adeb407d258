/**
 * Messages with every header field that has a type: the torture tests have few of them.
 *
 * @module
 */
import { encodeUtf8 } from '../../src/grammar/utf8.ts';

const request = [
  'INVITE sip:bob@home1.net;user=phone SIP/2.0',
  'Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks;rport;keep, SIP/2.0/TLS [2001:db8::1]:5061;branch=z9hG4bK1',
  'Max-Forwards: 69',
  'Route: <sip:pcscf.visited1.net:7531;lr;comp=sigcomp>, "S-CSCF" <sip:scscf.home1.net;lr>',
  'Record-Route: <sip:pcscf.visited1.net;lr;ob>',
  'Path: <sip:term@pcscf.visited1.net;lr;ob>',
  'Service-Route: <sip:orig@scscf1.home1.net;lr>',
  'From: "Alice \\"A\\" <x>" <sip:alice@home1.net;gr=urn:uuid:f81d4fae>;tag=171828',
  'To: Bob <tel:+1-212-555-2222;phone-context=example.com>;tag=5ff1',
  'Call-ID: cb03a0s09a2sdfglkj490333',
  'CSeq: 127 INVITE',
  'Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"' +
    ';reg-id=1;expires=3600;q=0.7;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel"',
  'Require: 100rel, precondition',
  'Supported: gruu, outbound, timer, replaces',
  'Accept-Contact: *;+sip.extensions="outbound";methods="INVITE,BYE";video;require;explicit',
  'Reject-Contact: *;actor="msg-taker";!video',
  'P-Asserted-Identity: "Alice" <sip:alice@home1.net>, <tel:+12125551111>',
  'P-Preferred-Identity: <sip:alice@home1.net>',
  'P-Associated-URI: <sip:alice@home1.net>, <tel:+12125551111>;x=1',
  'P-Called-Party-ID: <sip:bob@home1.net>',
  'P-Visited-Network-ID: "Visited network number 1", other.net;x=y',
  'P-Access-Network-Info: 3GPP-UTRAN-TDD;utran-cell-id-3gpp=23415D0FCE11, IEEE-802.11;np;i-wlan-node-id=00',
  'P-Charging-Vector: icid-value="AyretyU0dm+6O2IrT5tAFrbHLso=";icid-generated-at=[::1];orig-ioi=home1.net',
  'P-Charging-Function-Addresses: ccf=192.1.1.1;ccf=[5555::b99];ecf="ecf.home1.net"',
  'Privacy: id;user',
  'History-Info: <sip:bob@home1.net>;index=1, <sip:office@home1.net?Reason=SIP%3Bcause%3D302>;index=1.1;mp=1',
  'Reason: Q.850;cause=16;text="Terminated", SIP ;cause=600 ;text="Busy Everywhere"',
  'Replaces: 425928@bobster.example.org;to-tag=7743;from-tag=6472;early-only',
  'Target-Dialog: fa77as7dad8-sd98ajzz@host.example.com;local-tag=kkaz-;remote-tag=6544',
  'Refer-To: "Bob" <sip:dave@denver.example.org?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345>;x=1',
  'Referred-By: <sip:referror@referror.example>;cid="20398823.2UWQFN309shb3@referror.example"',
  'Refer-Sub: false;x=1',
  'Event: refer;id=93809824',
  'Subscription-State: active;expires=600;reason=noresource;retry-after=5',
  'RAck: 776656 1 INVITE',
  'RSeq: 988789',
  'Session-Expires: 4000;refresher=uac',
  'Min-SE: 90;x',
  'Expires: 600000',
  'Date: Sat, 13 Nov 2010 23:29:00 GMT',
  'Identity: eyJhbGciOiJFUzI1NiJ9.e30.c2ln;info=<https://biloxi.example.org/biloxi.cer>;alg=ES256;ppt="shaken"',
  'Warning: 307 isi.edu "Session parameter \'foo\' not understood", 301 [::1]:5060 "x"',
  'Retry-After: 18000;duration=3600',
  "Retry-After: 120 (I'm in a (nested) meeting)",
  'Security-Client: ipsec-3gpp;alg=hmac-sha-1-96;spi-c=23456789;port-c=2468;q=0.1, tls;q=0.2',
  'Security-Verify: digest;d-alg=MD5;d-qop=auth;d-ver="0000000000000000000000000000a902"',
  'Feature-Caps: *;+g.3gpp.srvcc;+g.3gpp.atcf="<tel:+1>"',
  'Geolocation: <cid:target123@atlanta.example.com>;x, <https://ls.example.com:9768/357yc6s64ceyoiuy5ax3o>',
  'Recv-Info: foo, bar;x=1',
  'Info-Package: trickle-ice',
  'Flow-Timer: 126',
  '3gpp-ext-turn-cred: abc:1800000000:c2VjcmV0',
  '3gpp-ext-turn-cred: abc;1800000000;c2VjcmV0',
  'Authorization: Digest username="bob", userhash=false, realm="atlanta.example.com", nonce="ea9c8e88df84f1cec4341ae6cbe5a359",' +
    ' opaque="", uri="sips:ss2.biloxi.example.com", response="dfe56131d1958046689d83306477ecc5", algorithm=SHA-256,' +
    ' cnonce="0a4f113b", nc=00000001, qop=auth',
  'Authorization: Digest username*=UTF-8\'\'J%C3%A4s, realm="a", nonce="b", uri="sip:a", response="dfe5", qop=auth,' +
    ' cnonce="1", nc=0000000a',
  'Proxy-Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln',
  'Content-Disposition: session;handling=optional',
  'Content-Type: multipart/mixed;boundary="a b"',
];

const parts = '--a b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--a b\r\nc: text/plain\r\n\r\nx\r\n--a b--\r\n';

const response = [
  'SIP/2.0 401 Unauthorized',
  'Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks;received=192.0.2.4;rport=2468',
  'From: <sip:alice@home1.net>;tag=1',
  'To: <sip:alice@home1.net>;tag=2',
  'Call-ID: 1@a',
  'CSeq: 1 REGISTER',
  'WWW-Authenticate: Digest realm="home1.net", nonce="a\\"b", qop="auth,auth-int", algorithm=SHA-512-256, stale=FALSE,' +
    ' domain="sip:a sip:b", opaque="x", Bearer authz_server="https://as.example", scope="sip", error="invalid_token"',
  'Proxy-Authenticate: Basic realm="x"',
  'Proxy-Authenticate: NTLM abc==, Digest realm="y", nonce="z"',
  'Proxy-Authentication-Info: nextnonce="x"',
  'Authentication-Info: nextnonce="47364c23432d2e131a5fb210812c", qop=auth, rspauth="00", cnonce="1", nc=00000001',
  'Security-Server: ipsec-3gpp;q=0.1;alg=hmac-sha-1-96;mod=trans',
  'Content-Length: 0',
];

const write = (lines: readonly string[], body: string): Uint8Array =>
  encodeUtf8(`${lines.join('\r\n')}\r\n\r\n${body}`);

export const richMessages: readonly Uint8Array[] = [
  write([...request, `Content-Length: ${parts.length}`], parts),
  write(response, ''),
];
