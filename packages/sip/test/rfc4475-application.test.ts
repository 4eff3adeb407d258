import { describe, expect, it } from 'vitest';
import { StreamFramer } from '../src/framing/stream-framer.ts';
import { encodeUtf8 } from '../src/grammar/utf8.ts';
import { parseAuthorization } from '../src/headers/authorization.ts';
import { isDigest } from '../src/headers/authorization-digest.ts';
import { parseContact } from '../src/headers/contact.ts';
import { parseNameAddr } from '../src/headers/name-addr.ts';
import { parseVia } from '../src/headers/via.ts';
import { type Capabilities, inspectRequest } from '../src/inspection/inspect-request.ts';
import { checkMessage } from '../src/messages/check-message.ts';
import { formatMessage } from '../src/messages/format-message.ts';
import type { SipMessage, SipRequest, SipResponse } from '../src/messages/message.ts';
import { parseMessage } from '../src/messages/parse-message.ts';
import { decrementMaxForwards } from '../src/proxy/max-forwards.ts';
import { validateRequest } from '../src/proxy/validate-request.ts';
import { MemoryElement } from '../src/testing/memory-element.ts';
import { parseUri } from '../src/uris/uri.ts';
import { readVector } from './vectors.ts';

const capabilities: Capabilities = {
  methods: ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'REGISTER'],
  schemes: ['sip', 'sips', 'tel'],
  extensions: [],
  contentTypes: ['application/sdp'],
  contentEncodings: [],
};

const read = (name: string): SipMessage => parseMessage(readVector('rfc4475', name));
const request = (name: string): SipRequest => read(name) as SipRequest;
const malformed = (header: string) => expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED', header });
const missing = (header: string, found: number) =>
  expect.objectContaining({ code: 'ERR_SIP_HEADER_MISSING', statusCode: 400, header, found });

const wellFormed = [
  ...[
    ['badbranch', '3.2.1'],
    ['unkscm', '3.3.2'],
    ['novelsc', '3.3.3'],
    ['unksm2', '3.3.4'],
    ['bext01', '3.3.5'],
    ['invut', '3.3.6'],
    ['regaut01', '3.3.7'],
    ['bcast', '3.3.10'],
    ['zeromf', '3.3.11'],
    ['cparam01', '3.3.12'],
    ['cparam02', '3.3.13'],
    ['regescrt', '3.3.14'],
    ['sdp01', '3.3.15'],
  ].map(([name = '', clause]) => ({ name, clause })),
];

describe('transaction and application layer', () => {
  it.each(wellFormed)('[RFC 4475 $clause] $name: is well formed, and written as it came', ({ name }) => {
    const message = read(name);
    expect(() => checkMessage(message)).not.toThrow();
    expect(formatMessage(message)).toEqual(readVector('rfc4475', name));
  });

  it('[RFC 4475 3.2.1] badbranch: a cookie alone tells no transaction from another', () => {
    const element = new MemoryElement();
    const [ours] = element.connect('UDP');
    const first = request('badbranch');
    const other = { ...first, headers: first.headers.set('Call-ID', 'another') };
    for (const message of [first, first, other]) element.layer.receive(message, ours);
    expect(element.transactions.map((transaction) => transaction.request.headers.first('Call-ID'))).toEqual([
      'badbranch.sadonfo23i420jv0as0derf3j3n',
      'another',
    ]);
  });

  it('[RFC 4475 3.3.1] insuf: 400', () => {
    expect(() => checkMessage(read('insuf'))).toThrow(missing('From', 0));
  });

  it.each([
    { name: 'unkscm', clause: '3.3.2' },
    { name: 'novelsc', clause: '3.3.3' },
  ])('[RFC 4475 $clause] $name: 416, of an endpoint and of a proxy', ({ name }) => {
    expect(inspectRequest(request(name), capabilities)).toMatchObject({ statusCode: 416 });
    expect(validateRequest(request(name))).toMatchObject({ statusCode: 416 });
  });

  it('[RFC 4475 3.3.4] unksm2: a registrar takes no such address of record, a proxy does not look at it', () => {
    const message = request('unksm2');
    expect(validateRequest(message)).toBe('forward');
    const { uri } = parseNameAddr(message.headers.first('To') ?? '', 'To');
    expect(uri).toBe('isbn:2983792873');
    expect(() => parseUri(uri, 'To')).toThrow(malformed('To'));
    expect(parseContact(message.headers.first('Contact') ?? '').uri).toBe('name:John_Smith');
  });

  it('[RFC 4475 3.3.5] bext01: 420 with what is not understood, of an endpoint and of a proxy', () => {
    expect(inspectRequest(request('bext01'), capabilities)).toMatchObject({
      statusCode: 420,
      headers: [['Unsupported', 'nothingSupportsThis, nothingSupportsThisEither']],
    });
    expect(validateRequest(request('bext01'))).toMatchObject({
      statusCode: 420,
      headers: [['Unsupported', 'noProxiesSupportThis, norDoAnyProxiesSupportThis']],
    });
  });

  it('[RFC 4475 3.3.6] invut: 415 with what is', () => {
    expect(inspectRequest(request('invut'), capabilities)).toMatchObject({
      statusCode: 415,
      headers: [['Accept', 'application/sdp']],
    });
  });

  it('[RFC 4475 3.3.7] regaut01: credentials of an unknown scheme are none of Digest', () => {
    const value = request('regaut01').headers.first('Authorization') ?? '';
    const { scheme, params } = parseAuthorization(value);
    expect([scheme, [...params]]).toEqual(['NoOneKnowsThisScheme', [['opaque-data', 'here']]]);
    expect(isDigest(value)).toBe(false);
    expect(inspectRequest(request('regaut01'), capabilities)).toBeUndefined();
  });

  it('[RFC 4475 3.3.8] multi01: 400', () => {
    expect(() => checkMessage(read('multi01'))).toThrow(missing('From', 2));
  });

  it('[RFC 4475 3.3.9] mcl01: 400, and no border left in a stream', () => {
    const octets = readVector('rfc4475', 'mcl01');
    expect(() => parseMessage(octets)).toThrow(missing('Content-Length', 2));
    expect(() => [...new StreamFramer().push(octets)]).toThrow(missing('Content-Length', 2));
  });

  it('[RFC 4475 3.3.10] bcast: belongs to no transaction and goes nowhere', () => {
    const message = read('bcast') as SipResponse;
    expect(message.headers.all('Via').map((value) => parseVia(value).host)).toEqual(['192.0.2.198', '255.255.255.255']);
    const element = new MemoryElement();
    const [ours] = element.connect('UDP');
    element.layer.receive(message, ours);
    expect([element.strays.length, element.transactions.length, ours.sent.length]).toEqual([1, 0, 0]);
  });

  it('[RFC 4475 3.3.11] zeromf: 483 of a proxy, which may answer for itself; nothing to an endpoint', () => {
    const message = request('zeromf');
    expect(validateRequest(message)).toMatchObject({ statusCode: 483 });
    expect(validateRequest(message, { answersOptions: true })).toBe('answer');
    expect(() => decrementMaxForwards(message)).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_MAX_FORWARDS_EXCEEDED', statusCode: 483 }),
    );
    expect(inspectRequest(message, capabilities)).toBeUndefined();
  });

  it('[RFC 4475 3.3.12] cparam01: without brackets the parameter is the header field’s', () => {
    const contact = parseContact(request('cparam01').headers.first('Contact') ?? '');
    expect([contact.uri, [...contact.params]]).toEqual(['sip:+19725552222@gw1.example.net', [['unknownparam', '']]]);
  });

  it('[RFC 4475 3.3.13] cparam02: within brackets it is the URI’s', () => {
    const contact = parseContact(request('cparam02').headers.first('Contact') ?? '');
    expect([contact.uri, contact.params.size]).toEqual(['sip:+19725552222@gw1.example.net;unknownparam', 0]);
    expect([...parseUri(contact.uri).params]).toEqual([['unknownparam', '']]);
  });

  it('[RFC 4475 3.3.14] regescrt: a Contact keeps the header fields of its URI', () => {
    const { uri } = parseContact(request('regescrt').headers.first('Contact') ?? '');
    expect(parseUri(uri)).toMatchObject({ user: 'user', headers: 'Route=%3Csip:sip.example.com%3E' });
  });

  it('[RFC 4475 3.3.15] sdp01: the endpoint sees that no session description can be the answer', () => {
    const message = request('sdp01');
    expect(inspectRequest(message, capabilities)).toBeUndefined();
    expect(message.headers.all('Accept')).toEqual(['text/nobodyKnowsThis']);
  });

  it('[RFC 4475 3.4.1] inv2543: RFC 2543 had no tag, branch, Max-Forwards and Content-Length', () => {
    const message = request('inv2543');
    expect(() => checkMessage(message)).not.toThrow();
    expect(message.body.length).toBe(105);
    expect(parseVia(message.headers.first('Via') ?? '').params.size).toBe(0);
    expect(parseNameAddr(message.headers.first('From') ?? '').params.size).toBe(0);
    expect(inspectRequest(message, capabilities)).toBeUndefined();
    expect(decrementMaxForwards(message).headers.first('Max-Forwards')).toBe('70');
  });

  it('[RFC 4475 3.4.1] inv2543: it is one transaction, however often it comes', () => {
    const element = new MemoryElement();
    const [ours] = element.connect('UDP');
    for (let times = 0; times < 3; times += 1) element.layer.receive(request('inv2543'), ours);
    expect(element.transactions.length).toBe(1);
  });

  it('[RFC 4475 3.4.1] inv2543: a stream needs Content-Length', () => {
    expect(() => [...new StreamFramer().push(readVector('rfc4475', 'inv2543'))]).toThrow(missing('Content-Length', 0));
    const text = String.fromCharCode(...readVector('rfc4475', 'inv2543')).replace('CSeq', 'l: 1\r\nCSeq');
    expect([...new StreamFramer().push(encodeUtf8(text).subarray(0, 347))]).toHaveLength(1);
  });
});
