import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../src/grammar/utf8.ts';
import { parseContact } from '../src/headers/contact.ts';
import { parseNameAddr } from '../src/headers/name-addr.ts';
import { parseVia, type Via } from '../src/headers/via.ts';
import { inspectRequest } from '../src/inspection/inspect-request.ts';
import { checkMessage } from '../src/messages/check-message.ts';
import { formatMessage } from '../src/messages/format-message.ts';
import type { SipRequest } from '../src/messages/message.ts';
import { parseMessage } from '../src/messages/parse-message.ts';
import { validateRequest } from '../src/proxy/validate-request.ts';
import { parseUri } from '../src/uris/uri.ts';
import { readVector, vectorNames } from './vectors.ts';

const read = (name: string): SipRequest => parseMessage(readVector('rfc5118', name)) as SipRequest;
const vias = (name: string): readonly Via[] =>
  read(name)
    .headers.all('Via')
    .map((value) => parseVia(value));
const target = (name: string) => parseUri(read(name).requestUri);
const lines = (name: string): readonly string[] => (decodeUtf8(read(name).body) ?? '').split('\r\n');

describe('IPv6', () => {
  it.each(vectorNames('rfc5118'))('[RFC 5118 4] %s: is taken, and written as it came', (name) => {
    const message = read(name);
    expect(() => checkMessage(message)).not.toThrow();
    expect(formatMessage(message)).toEqual(readVector('rfc5118', name));
  });

  it('[RFC 5118 4.1] ipv6-good: references in Request-URI, Via and Contact', () => {
    expect(target('ipv6-good')).toMatchObject({ user: undefined, host: '[2001:db8::10]', port: undefined });
    expect(vias('ipv6-good')[0]).toMatchObject({ host: '[2001:db8::9:1]', port: undefined });
    const contact = parseContact(read('ipv6-good').headers.first('Contact') ?? '');
    expect(parseUri(contact.uri)).toMatchObject({ user: 'caller', host: '[2001:db8::1]' });
  });

  it('[RFC 5118 4.2] ipv6-bad: 400, for there are no brackets', () => {
    expect(() => target('ipv6-bad')).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED', statusCode: 400 }),
    );
    const refusal = { statusCode: 400, reasonPhrase: 'Malformed Request-URI' };
    expect(validateRequest(read('ipv6-bad'))).toMatchObject(refusal);
    const none = { extensions: [], contentTypes: [], contentEncodings: [] };
    expect(inspectRequest(read('ipv6-bad'), { methods: ['REGISTER'], schemes: ['sip'], ...none })).toMatchObject(
      refusal,
    );
  });

  it('[RFC 5118 4.3] port-ambiguous: what stands in brackets is address', () => {
    expect(target('port-ambiguous')).toMatchObject({ host: '[2001:db8::10:5070]', port: undefined });
  });

  it('[RFC 5118 4.4] port-unambiguous: what stands after them is port', () => {
    expect(target('port-unambiguous')).toMatchObject({ host: '[2001:db8::10]', port: 5070 });
  });

  it('[RFC 5118 4.5] via-received-param: with brackets and without', () => {
    const [withBrackets] = vias('via-received-param-with-delim');
    expect(withBrackets?.params.get('received')).toBe('[2001:db8::9:255]');
    const [without] = vias('via-received-param-no-delim');
    expect([...(without?.params ?? [])]).toEqual([
      ['received', '2001:db8::9:255'],
      ['branch', 'z9hG4bKas3'],
    ]);
  });

  it('[RFC 5118 4.6] ipv6-in-sdp: the body is whole', () => {
    expect(lines('ipv6-in-sdp')).toContain('c=IN IP6 2001:db8::20');
    expect(lines('ipv6-in-sdp')).toHaveLength(10);
  });

  it('[RFC 5118 4.7] mult-ip-in-header: both families in one list', () => {
    expect(vias('mult-ip-in-header').map(({ transport, host, port }) => [transport, host, port])).toEqual([
      ['UDP', '[2001:db8::9:1]', 6050],
      ['UDP', '192.0.2.1', undefined],
      ['TCP', '[2001:db8::9:255]', undefined],
    ]);
    expect(vias('mult-ip-in-header')[2]?.params.get('received')).toBe('192.0.2.200');
  });

  it('[RFC 5118 4.8] mult-ip-in-sdp: both families in one body', () => {
    const connections = lines('mult-ip-in-sdp').filter((line) => line.startsWith('c='));
    expect(connections).toEqual(['c=IN IP4 192.0.2.1', 'c=IN IP6 2001:db8::1']);
  });

  it('[RFC 5118 4.9] ipv4-mapped-ipv6: in Via, Contact and body', () => {
    expect(vias('ipv4-mapped-ipv6').map(({ host, port }) => [host, port])).toEqual([
      ['[::ffff:192.0.2.10]', 19_823],
      ['[::ffff:192.0.2.2]', undefined],
    ]);
    const contact = parseContact(read('ipv4-mapped-ipv6').headers.first('Contact') ?? '');
    expect(parseUri(contact.uri)).toMatchObject({ user: 'ted', host: '[::ffff:192.0.2.2]' });
    expect(lines('ipv4-mapped-ipv6')).toContain('c=IN IP6 ::ffff:192.0.2.2');
  });

  it.each([
    { name: 'ipv6-bug-abnf-3-colons', host: '[2001:db8:::192.0.2.1]' },
    { name: 'ipv6-correct-abnf-2-colons', host: '[2001:db8::192.0.2.1]' },
  ])('[RFC 5118 4.10] $name: is tolerated', ({ name, host }) => {
    expect(target(name)).toMatchObject({ user: 'user', host });
    expect(parseUri(parseNameAddr(read(name).headers.first('To') ?? '').uri)).toMatchObject({ user: 'user', host });
  });
});
