import { describe, expect, it } from 'vitest';
import { parseMultipart } from '../src/bodies/multipart.ts';
import { StreamFramer } from '../src/framing/stream-framer.ts';
import { decodeUtf8 } from '../src/grammar/utf8.ts';
import { parseContact } from '../src/headers/contact.ts';
import { parseCSeq } from '../src/headers/cseq.ts';
import { parseNameAddr } from '../src/headers/name-addr.ts';
import { findNumber } from '../src/headers/number-header.ts';
import { parseVia } from '../src/headers/via.ts';
import { checkMessage } from '../src/messages/check-message.ts';
import { createResponse } from '../src/messages/create-response.ts';
import { formatMessage } from '../src/messages/format-message.ts';
import { isRequest, type SipRequest, type SipResponse } from '../src/messages/message.ts';
import { parseMessage } from '../src/messages/parse-message.ts';
import { isSameUri } from '../src/uris/is-same-uri.ts';
import { parseUri } from '../src/uris/uri.ts';
import { readVector } from './vectors.ts';

const request = (name: string): SipRequest => parseMessage(readVector('rfc4475', name)) as SipRequest;
const response = (name: string): SipResponse => parseMessage(readVector('rfc4475', name)) as SipResponse;
const address = ({ headers }: SipRequest, name: string) => parseNameAddr(headers.first(name) ?? '', name);
const vias = ({ headers }: SipRequest) => headers.all('Via').map((value) => parseVia(value));

const valid = [
  ...['wsinv', 'intmeth', 'esc01', 'escnull', 'esc02', 'lwsdisp', 'longreq', 'dblreq', 'semiuri', 'transports'],
  ...['mpart01', 'unreason', 'noreason'],
].map((name, index) => ({ name, clause: `3.1.1.${index + 1}` }));

describe('valid messages', () => {
  it.each(valid)('[RFC 4475 $clause] $name: is taken, and written as it came', ({ name }) => {
    const octets = readVector('rfc4475', name);
    const message = parseMessage(octets);
    expect(() => checkMessage(message)).not.toThrow();
    expect(formatMessage(message)).toEqual(octets.subarray(0, name === 'dblreq' ? 300 : octets.length));
  });

  it.each(valid)('[RFC 4475 $clause] $name: can be answered', ({ name }) => {
    const message = parseMessage(readVector('rfc4475', name));
    if (!isRequest(message)) return;
    const answer = parseMessage(formatMessage(createResponse(message, 200, { toTag: 'a6c85cf' })));
    expect(() => checkMessage(answer)).not.toThrow();
    for (const copied of ['Via', 'From', 'Call-ID', 'CSeq']) {
      expect(answer.headers.all(copied)).toEqual(message.headers.all(copied));
    }
  });

  it('[RFC 4475 3.1.1.1] wsinv: folds, white space and compact forms change nothing', () => {
    const message = request('wsinv');
    const { headers } = message;
    expect([message.method, message.requestUri]).toEqual(['INVITE', 'sip:vivekg@chair-dnrc.example.com;unknownparam']);
    expect(parseUri(message.requestUri)).toMatchObject({ params: new Map([['unknownparam', '']]) });
    expect(address(message, 'To')).toEqual({
      displayName: undefined,
      uri: 'sip:vivekg@chair-dnrc.example.com',
      params: new Map([['tag', '1918181833n']]),
    });
    expect(address(message, 'From')).toEqual({
      displayName: 'J Rosenberg \\"',
      uri: 'sip:jdrosen@example.com',
      params: new Map([['tag', '98asjd8']]),
    });
    expect([findNumber(headers, 'Max-Forwards'), findNumber(headers, 'Content-Length')]).toEqual([68, 150]);
    expect(headers.first('Call-ID')).toBe('wsinv.ndaksdj@192.0.2.1');
    expect(parseCSeq(headers.first('CSeq') ?? '')).toEqual({ number: 9, method: 'INVITE' });
    expect(headers.first('Subject')).toBe('');
    expect(headers.all('NewFangledHeader')).toEqual(['newfangled value continued newfangled value']);
    expect(headers.all('UnknownHeaderWithUnusualValue')).toEqual([';;,,;;,;']);
    expect(message.body.length).toBe(150);
  });

  it('[RFC 4475 3.1.1.1] wsinv: three hops, in one line and in two', () => {
    const seen = vias(request('wsinv')).map(({ transport, host, port, params }) => [
      transport,
      host,
      port,
      [...params],
    ]);
    expect(seen).toEqual([
      ['UDP', '192.0.2.2', undefined, [['branch', '390skdjuw']]],
      ['TCP', 'spindle.example.com', undefined, [['branch', 'z9hG4bK9ikj8']]],
      ['UDP', '192.168.255.111', undefined, [['branch', 'z9hG4bK30239']]],
    ]);
  });

  it('[RFC 4475 3.1.1.1] wsinv: parameters without values, of a URI and of a header field', () => {
    const { headers } = request('wsinv');
    const route = parseUri(parseNameAddr(headers.first('Route') ?? '').uri);
    expect([...route.params]).toEqual([
      ['lr', ''],
      ['unknownwith', 'value'],
      ['unknown-no-value', ''],
    ]);
    const contact = parseContact(headers.first('Contact') ?? '');
    expect(contact).toMatchObject({ displayName: 'Quoted string ""', uri: 'sip:jdrosen@example.com', q: 0.33 });
    expect([...contact.params]).toEqual([
      ['newparam', 'newvalue'],
      ['secondparam', ''],
      ['q', '0.33'],
    ]);
  });

  it('[RFC 4475 3.1.1.2] intmeth: every token character in a method', () => {
    const message = request('intmeth');
    const method = "!interesting-Method0123456789_*+`.%indeed'~";
    expect(message.method).toBe(method);
    expect(parseCSeq(message.headers.first('CSeq') ?? '')).toEqual({ number: 139_122_385, method });
    expect(vias(message)[0]?.params.get('branch')).toBe("z9hG4bK-.!%66*_+`'~");
    expect(findNumber(message.headers, 'Max-Forwards')).toBe(255);
  });

  it('[RFC 4475 3.1.1.2] intmeth: unusual characters in user and password', () => {
    expect(parseUri(request('intmeth').requestUri)).toMatchObject({
      user: "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*",
      password: "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)",
      host: 'example.com',
      headers: '',
    });
  });

  it('[RFC 4475 3.1.1.2] intmeth: quoted control characters, tokens as a name, UTF-8 in values', () => {
    const message = request('intmeth');
    expect(address(message, 'To').displayName).toBe('BEL:\u0007 NUL:\0 DEL:\u007f');
    const { displayName, params } = address(message, 'From');
    expect(displayName).toBe("token1~` token2'+_ token3*%!.-");
    expect([...params]).toEqual([
      ["fromparam''~+*_!.-%", '"работающий"'],
      ['tag', "_token~1'+`*%!-."],
    ]);
    expect(message.headers.first('Call-ID')).toBe('intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{');
    expect(message.headers.first("extensionHeader-!.%*+_`'~")).toBe('\ufeff大停電');
  });

  it('[RFC 4475 3.1.1.3] esc01: escapes are undone once, and only to compare', () => {
    const message = request('esc01');
    expect(parseUri(message.requestUri)).toMatchObject({ user: 'sips%3Auser%40example.com', host: 'example.net' });
    expect(isSameUri(address(message, 'To').uri, 'sip:user@example.com')).toBe(true);
    expect(isSameUri(address(message, 'From').uri, 'sip:I have spaces@example.net'.replaceAll(' ', '%20'))).toBe(true);
    const { uri } = address(message, 'Contact');
    expect(isSameUri(uri, 'sip:caller@host5.example.net;lr;name=value%2541')).toBe(true);
    expect(isSameUri(uri, 'sip:caller@host5.example.net;lr;name=valueA')).toBe(false);
  });

  it('[RFC 4475 3.1.1.4] escnull: an escaped NUL ends nothing', () => {
    const message = request('escnull');
    expect(parseUri(address(message, 'To').uri)).toMatchObject({ user: 'null-%00-null' });
    const [one = '', two = ''] = message.headers.all('Contact').map((value) => parseNameAddr(value).uri);
    expect([one, two]).toEqual(['sip:%00@host5.example.com', 'sip:%00%00@host5.example.com']);
    expect(isSameUri(one, two)).toBe(false);
  });

  it('[RFC 4475 3.1.1.5] esc02: no escape in methods, names of header fields, display names and branches', () => {
    const message = request('esc02');
    expect(message.method).toBe('RE%47IST%45R');
    expect([address(message, 'To').displayName, address(message, 'From').displayName]).toEqual(['%Z%45', '%Z%45']);
    expect(vias(message)[0]?.params.get('branch')).toBe('z9hG4bK209%fzsnel234');
    expect(message.headers.all('Contact')).toEqual([
      '<sip:alias1@host1.example.com>',
      '<sip:alias3@host3.example.com>',
    ]);
    expect(message.headers.first('C%6Fntact')).toBe('<sip:alias2@host2.example.com>');
  });

  it('[RFC 4475 3.1.1.6] lwsdisp: no space before the bracket', () => {
    expect(address(request('lwsdisp'), 'From')).toMatchObject({ displayName: 'caller', uri: 'sip:caller@example.com' });
  });

  it('[RFC 4475 3.1.1.7] longreq: long values are whole', () => {
    const message = request('longreq');
    expect(message.headers.count('Via')).toBe(34);
    expect(
      vias(message)
        .map(({ host }) => host)
        .slice(0, -1),
    ).toEqual(Array.from({ length: 33 }, (_, index) => `sip${33 - index}.example.com`));
    expect(vias(message)[33]?.params.get('branch')).toBe(`very${'long'.repeat(50)}branchvalue`);
    expect(address(message, 'To').displayName).toBe(`I have a user name of ${'extreme'.repeat(10)} proportion`);
    expect(address(message, 'From').params.get('tag')).toBe(`12${'982'.repeat(50)}424`);
    const contact = parseUri(address(message, 'Contact').uri);
    expect(contact).toMatchObject({ user: 'amazinglylongcallername'.repeat(5) });
    const value = `unknown-${'long'.repeat(20)}-value; unknown-${'long'.repeat(20)}-parameter-name = `;
    expect(message.headers.first(`unknown-${'long'.repeat(20)}-name`)).toBe(
      `${value}unknown-${'long'.repeat(20)}-parameter-value`,
    );
  });

  it('[RFC 4475 3.1.1.8] dblreq: what follows Content-Length in a datagram is left out', () => {
    const message = request('dblreq');
    expect([message.method, message.body.length]).toEqual(['REGISTER', 0]);
    expect(message.headers.first('Call-ID')).toBe('dblreq.0ha0isndaksdj99sdfafnl3lk233412');
  });

  it('[RFC 4475 3.1.1.8] dblreq: in a stream it is the next message', () => {
    const events = [...new StreamFramer().push(readVector('rfc4475', 'dblreq').subarray(0, -5))];
    expect(
      events.map((event) => (event.type === 'message' && isRequest(event.message) ? event.message.method : event.type)),
    ).toEqual(['REGISTER', 'pong', 'INVITE']);
  });

  it('[RFC 4475 3.1.1.9] semiuri: what stands before the @ is the user', () => {
    const message = request('semiuri');
    expect(parseUri(message.requestUri)).toMatchObject({
      user: 'user;par=u%40example.net',
      host: 'example.com',
      params: new Map(),
    });
    expect(message.headers.all('Accept')).toEqual([
      ...['application/sdp', 'application/pkcs7-mime', 'multipart/mixed', 'multipart/signed'],
      ...['message/sip', 'message/sipfrag'],
    ]);
  });

  it('[RFC 4475 3.1.1.10] transports: known and unknown', () => {
    expect(vias(request('transports')).map(({ transport }) => transport)).toEqual([
      ...['UDP', 'SCTP', 'TLS', 'UNKNOWN', 'TCP'],
    ]);
  });

  it('[RFC 4475 3.1.1.11] mpart01: a body of two parts, one of them binary', () => {
    const { headers, body } = request('mpart01');
    const parts = parseMultipart(body, headers.first('Content-Type') ?? '');
    expect(parts.map((part) => part.headers.first('Content-Type'))).toEqual(['text/plain', 'application/octet-stream']);
    const [text, der] = parts.map((part) => part.body);
    expect(decodeUtf8(text ?? new Uint8Array(0))).toBe('Hello');
    // DER: a SEQUENCE of 0x152 octets, and NULs in it.
    expect([...(der ?? []).slice(0, 4)]).toEqual([0x30, 0x82, 0x01, 0x52]);
    expect([der?.length, der?.includes(0)]).toEqual([0x152 + 4, true]);
  });

  it('[RFC 4475 3.1.1.12] unreason: UTF-8 in a reason phrase', () => {
    const { statusCode, reasonPhrase } = response('unreason');
    expect([statusCode, reasonPhrase]).toEqual([200, '= 2**3 * 5**2 но сто девяносто девять - простое']);
  });

  it('[RFC 4475 3.1.1.13] noreason: no reason phrase', () => {
    const { statusCode, reasonPhrase } = response('noreason');
    expect([statusCode, reasonPhrase]).toEqual([100, '']);
  });
});
