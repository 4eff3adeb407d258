import { Headers, noBody, type SipRequest } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { arrive } from './arrive.ts';

const ownAddresses = ['192.0.2.1:5061', '192.0.2.1:5060'];
const trusted = { isTrusted: true, ownAddresses };

const request = (headers: readonly (readonly [string, string])[], part: Partial<SipRequest> = {}): SipRequest => ({
  method: 'INVITE',
  requestUri: 'sip:bob@ims.example',
  headers: Headers.of(...headers),
  body: noBody,
  ...part,
});
const withRoutes = (...routes: readonly string[]): SipRequest =>
  request(routes.map((route) => ['Route', route] as const));

describe('[RFC 3261 16.4] our own Route entries', () => {
  it.each([
    [[], undefined, []],
    [['<sip:192.0.2.9;lr>'], undefined, ['<sip:192.0.2.9;lr>']],
    [['<sip:192.0.2.1:5061;transport=tls;lr>'], '', []],
    [['<sip:orig@192.0.2.1:5061;lr>', '<sip:192.0.2.9;lr>'], 'orig', ['<sip:192.0.2.9;lr>']],
    [['<sip:orig@192.0.2.1:5061;lr>, <sip:192.0.2.9;lr>, <sip:x>'], 'orig', ['<sip:192.0.2.9;lr>', '<sip:x>']],
    [['<sip:192.0.2.1:5061;lr>', '<sip:orig@192.0.2.1:5060;lr>', '<sip:a>'], '', ['<sip:a>']],
    [['<sip:192.0.2.9;lr>', '<sip:192.0.2.1:5061;lr>'], undefined, ['<sip:192.0.2.9;lr>', '<sip:192.0.2.1:5061;lr>']],
    [['<sip:192.0.2.1:5062;lr>'], undefined, ['<sip:192.0.2.1:5062;lr>']],
    [['<sip:192.0.2.1;lr>'], undefined, ['<sip:192.0.2.1;lr>']],
    [['<tel:+49>'], undefined, ['<tel:+49>']],
  ])('of %j: %s, and %j are left', (routes, ownRoute, left) => {
    const arrived = arrive(withRoutes(...routes), trusted);
    expect(arrived.ownRoute).toBe(ownRoute);
    expect(arrived.request.headers.all('Route')).toEqual(left);
  });

  it('[RFC 3261 16.3-4] beyond eight in a row it is a loop', () => {
    const own = '<sip:192.0.2.1:5061;lr>';
    expect(arrive(withRoutes(...Array.from({ length: 8 }, () => own)), trusted).ownRoute).toBe('');
    const nine = withRoutes(...Array.from({ length: 9 }, () => own));
    expect(() => arrive(nine, trusted)).toThrow(expect.objectContaining({ statusCode: 482 }));
  });

  it.each([
    [30, undefined],
    [31, 'ERR_CORE_TOO_MANY_ROUTES'],
    [5_000, 'ERR_CORE_TOO_MANY_ROUTES'],
  ])('[RFC 3261 16.3] %i entries: %s', (length, code) => {
    const long = withRoutes(Array.from({ length }, () => '<sip:a;lr>').join());
    if (code === undefined) expect(arrive(long, trusted).request.headers.all('Route')).toHaveLength(length);
    else expect(() => arrive(long, trusted)).toThrow(expect.objectContaining({ code, statusCode: 400 }));
  });
});

describe('[RFC 3261 16.3] what no proxy takes on', () => {
  it.each([
    ['[RFC 3261 16.3-2] another scheme', request([], { requestUri: 'http://ims.example' }), 416],
    ['[RFC 3261 16.3-2] an emergency number, for now', request([], { requestUri: 'urn:service:sos' }), 416],
    ['[RFC 3261 16.3-1] a broken Request-URI', request([], { requestUri: 'sip:bob@ims.example:0' }), 400],
    ['[RFC 3261 16.3-3] no hop left', request([['Max-Forwards', '0']]), 483],
    ['[RFC 3261 16.3-5] an unknown extension', request([['Proxy-Require', 'sec-agree']]), 420],
    ['[RFC 3261 16.3-1] a broken Route', request([['Route', '<sip:']]), 400],
  ])('%s', (_name, received, statusCode) => {
    expect(() => arrive(received, trusted)).toThrow(expect.objectContaining({ statusCode }));
  });

  it('[RFC 3261 8.2.2.3] in an ACK Proxy-Require counts for nothing', () => {
    const ack = request([['Proxy-Require', 'x']], { method: 'ACK' });
    expect(arrive(ack, trusted).request).toBe(ack);
  });
});

describe('[TS 24.229 4.4] [U.1] who is believed', () => {
  const asserting = request([
    ['P-Asserted-Identity', '<sip:alice@ims.example>'],
    ['P-Charging-Vector', 'icid-value=1'],
    ['P-Access-Network-Info', 'IEEE-802.11, 3GPP-NR-FDD ; network-provided'],
    ['P-Access-Network-Info', 'ADSL;np'],
    ['Subject', 'hello'],
  ]);
  const lines = ({ request: { headers } }: ReturnType<typeof arrive>): readonly string[] =>
    [...headers].map(({ line }) => line).filter((line) => !line.startsWith('Max-Forwards'));

  it('[TS 24.229 4.4] a trusted peer: all stays as it is', () => {
    expect(lines(arrive(asserting, trusted))).toEqual([...asserting.headers].map(({ line }) => line));
  });

  it('[TS 24.229 4.4] anybody else: what only the network may say goes', () => {
    expect(lines(arrive(asserting, { ...trusted, isTrusted: false }))).toEqual([
      'Subject: hello',
      'P-Access-Network-Info: IEEE-802.11',
    ]);
  });

  it.each([
    ['P-Access-Network-Info', 'ADSL;NP'],
    ['P-Access-Network-Info', 'ADSL;x="1";np=1'],
    ['P-Access-Network-Info', 'ADSL;;network-provided'],
    ['P-Access-Network-Info', 'ADSL x;network-provided'],
    ['Authorization', 'Digest username="a", Integrity-Protected = yes'],
    ['Authorization', 'Digest username="a",,integrity-protected=yes'],
    ['Proxy-Authorization', 'Digest username="a", Digest wwsf=b'],
    ['Proxy-Authorization', 'Digest username="a",authorization-entity="waf"'],
  ])('[TS 24.229 4.4] of anybody else %s: %s goes, and so does what cannot be read', (name, value) => {
    const only = request([[name, value]]);
    expect(lines(arrive(only, { ...trusted, isTrusted: false }))).toEqual([]);
  });

  it.each([
    ['P-Access-Network-Info', 'IEEE-802.11;i-wlan-node-id="a;np"'],
    ['Authorization', 'Digest username="wwsf",realm="integrity-protected"'],
  ])('[TS 24.229 4.4] of anybody else %s: %s stays', (name, value) => {
    const own = request([[name, value]]);
    expect(lines(arrive(own, { ...trusted, isTrusted: false }))).toEqual([`${name}: ${value}`]);
  });
});
