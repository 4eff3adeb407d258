/**
 * The messages of RFC 3261 24: a registration, and a call by way of two proxies. The RFC leaves the session
 * descriptions out; here octets of the right number stand for them.
 *
 * @module
 */
import { encodeUtf8 } from '../grammar/utf8.ts';

export interface Example {
  /** Clause and number of the message. */
  readonly source: string;
  /** Start line and header fields. */
  readonly lines: readonly string[];
}

const atServer10 = 'Via: SIP/2.0/UDP server10.biloxi.com;branch=z9hG4bK4b43c2ff8.1';
const atBigBox3 = 'Via: SIP/2.0/UDP bigbox3.site3.atlanta.com;branch=z9hG4bK77ef4c2312983.1';
const atPc33 = 'Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8';
const seenServer10 = `${atServer10};received=192.0.2.3`;
const seenBigBox3 = `${atBigBox3};received=192.0.2.2`;
const seenPc33 = `${atPc33};received=192.0.2.1`;
const fromAlice = 'From: Alice <sip:alice@atlanta.com>;tag=1928301774';
const toBob = 'To: Bob <sip:bob@biloxi.com>';
const toTaggedBob = 'To: Bob <sip:bob@biloxi.com>;tag=a6c85cf';
const call = 'Call-ID: a84b4c76e66710';
const aliceContact = 'Contact: <sip:alice@pc33.atlanta.com>';
const bobContact = 'Contact: <sip:bob@192.0.2.4>';
const empty = 'Content-Length: 0';
const invite = 'CSeq: 314159 INVITE';

const description = (octets: number): readonly string[] => [
  'Content-Type: application/sdp',
  `Content-Length: ${octets}`,
];
const example = (source: string, ...lines: readonly string[]): Example => ({ source: `RFC 3261 ${source}`, lines });

const registration = [
  'Via: SIP/2.0/UDP bobspc.biloxi.com:5060;branch=z9hG4bKnashds7',
  'From: Bob <sip:bob@biloxi.com>;tag=456248',
  'Call-ID: 843817637684230@998sdasdh09',
  'CSeq: 1826 REGISTER',
  'Contact: <sip:bob@192.0.2.4>',
  'Expires: 7200',
  empty,
];

export const registrationExamples: readonly Example[] = [
  example('24.1 F1', 'REGISTER sip:registrar.biloxi.com SIP/2.0', 'Max-Forwards: 70', toBob, ...registration),
  example(
    '24.1 F2',
    'SIP/2.0 200 OK',
    'Via: SIP/2.0/UDP bobspc.biloxi.com:5060;branch=z9hG4bKnashds7;received=192.0.2.4',
    'To: Bob <sip:bob@biloxi.com>;tag=2493k59kd',
    ...registration.slice(1),
  ),
];

export const invitationExamples: readonly Example[] = [
  example(
    '24.2 F1',
    ...['INVITE sip:bob@biloxi.com SIP/2.0', atPc33, 'Max-Forwards: 70', toBob, fromAlice, call, invite, aliceContact],
    ...description(142),
  ),
  example('24.2 F2', 'SIP/2.0 100 Trying', seenPc33, toBob, fromAlice, call, invite, empty),
  example(
    '24.2 F3',
    ...['INVITE sip:bob@biloxi.com SIP/2.0', atBigBox3, seenPc33, 'Max-Forwards: 69'],
    ...[toBob, fromAlice, call, invite, aliceContact, ...description(142)],
  ),
  example('24.2 F4', 'SIP/2.0 100 Trying', seenBigBox3, seenPc33, toBob, fromAlice, call, invite, empty),
  example(
    '24.2 F5',
    ...['INVITE sip:bob@192.0.2.4 SIP/2.0', atServer10, seenBigBox3, seenPc33, 'Max-Forwards: 68'],
    ...[toBob, fromAlice, call, invite, aliceContact, ...description(142)],
  ),
  ...ringing('24.2 F6', [seenServer10, seenBigBox3, seenPc33]),
  ...ringing('24.2 F7', [seenBigBox3, seenPc33]),
  ...ringing('24.2 F8', [seenPc33]),
  ...answered('24.2 F9', [seenServer10, seenBigBox3, seenPc33]),
  ...answered('24.2 F10', [seenBigBox3, seenPc33]),
  ...answered('24.2 F11', [seenPc33]),
  example(
    '24.2 F12',
    ...['ACK sip:bob@192.0.2.4 SIP/2.0', 'Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds9'],
    ...['Max-Forwards: 70', toTaggedBob, fromAlice, call, 'CSeq: 314159 ACK', empty],
  ),
  example(
    '24.2 F13',
    ...['BYE sip:alice@pc33.atlanta.com SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bKnashds10'],
    ...['Max-Forwards: 70', 'From: Bob <sip:bob@biloxi.com>;tag=a6c85cf'],
    ...['To: Alice <sip:alice@atlanta.com>;tag=1928301774', call, 'CSeq: 231 BYE', empty],
  ),
  example(
    '24.2 F14',
    ...['SIP/2.0 200 OK', 'Via: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bKnashds10'],
    ...['From: Bob <sip:bob@biloxi.com>;tag=a6c85cf', 'To: Alice <sip:alice@atlanta.com>;tag=1928301774'],
    ...[call, 'CSeq: 231 BYE', empty],
  ),
];

/** The message as it travels. */
export function exampleOctets({ lines }: Example): Uint8Array {
  const length = Number(/^Content-Length: ([0-9]+)$/mu.exec(lines.join('\n'))?.[1] ?? 0);
  return encodeUtf8(`${lines.join('\r\n')}\r\n\r\n${'v'.repeat(length)}`);
}

function ringing(source: string, vias: readonly string[]): readonly Example[] {
  return [example(source, 'SIP/2.0 180 Ringing', ...vias, toTaggedBob, fromAlice, call, bobContact, invite, empty)];
}

function answered(source: string, vias: readonly string[]): readonly Example[] {
  return [
    example(source, 'SIP/2.0 200 OK', ...vias, toTaggedBob, fromAlice, call, invite, bobContact, ...description(131)),
  ];
}
