import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SipError } from '../errors.ts';
import { parseReplaces } from '../headers/replaces.ts';
import { parseUri } from '../uris/uri.ts';
import { formatReferTarget, readReferTarget } from './refer-target.ts';

const plain = { method: 'INVITE', replaces: undefined, requiresReplaces: false, headers: [], leftOut: [] };

describe('readReferTarget', () => {
  it.each([
    { source: 'a plain URI', uri: 'sip:carol@c.example', target: { ...plain, uri: 'sip:carol@c.example' } },
    { source: 'a telephone number', uri: 'tel:+1-201-555-0123', target: { ...plain, uri: 'tel:+1-201-555-0123' } },
    {
      source: 'RFC 3515 2.1, a method',
      uri: 'sip:carol@c.example;transport=tcp;method=SUBSCRIBE',
      target: { ...plain, uri: 'sip:carol@c.example;transport=tcp', method: 'SUBSCRIBE' },
    },
    {
      source: 'RFC 5589 7.3, Replaces',
      uri: 'sips:carol@c.example;gr=x?Replaces=90%40a%3Bto-tag%3D1%3Bfrom-tag%3D2&Require=replaces',
      target: {
        ...plain,
        uri: 'sips:carol@c.example;gr=x',
        replaces: { callId: '90@a', toTag: '1', fromTag: '2', isEarlyOnly: false, params: new Map() },
        requiresReplaces: true,
      },
    },
    {
      source: 'RFC 3515 2.1, what was not allowed',
      uri: 'sip:c@c.example?Accept-Contact=x&Subject=Hi%20there&Require=100rel',
      target: { ...plain, uri: 'sip:c@c.example', leftOut: ['accept-contact', 'subject', 'require'] },
    },
  ])('[RFC 3515 2.1] reads $source', ({ uri, target }) => {
    expect(readReferTarget(uri)).toEqual(target);
  });

  it('[RFC 3261 19.1.5] keeps what the policy allows', () => {
    const target = readReferTarget('sip:c@c.example?Subject=Hi%20there&priority=urgent', ['subject']);
    expect([target.headers, target.leftOut]).toEqual([[['subject', 'Hi there']], ['priority']]);
  });

  it.each([
    ...['From', 'f', 'Call-ID', 'CSeq', 'Via', 'v', 'Record-Route', 'Route', 'To', 'Contact', 'Max-Forwards'],
    ...['Authorization', 'Proxy-Authorization', 'P-Asserted-Identity', 'Path', 'body', 'Content-Length', '%56ia'],
  ])('[RFC 3261 19.1.5] refuses %s, allowed or not', (name) => {
    expect(() => readReferTarget(`sip:c@c.example?${name}=x`, [name, 'via'])).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_REFER_TARGET_REFUSED', statusCode: 403 }),
    );
  });

  it.each(['http://www.ietf.org', 'urn:service:sos', 'mailto:a@b', 'javascript:x'])(
    '[RFC 3515 2.4.2] refuses %s',
    (uri) => {
      expect(() => readReferTarget(uri)).toThrow(expect.objectContaining({ code: 'ERR_SIP_REFER_TARGET_REFUSED' }));
    },
  );

  it.each([
    { fault: 'a line end in a value', uri: 'sip:c@d?Subject=a%0D%0AVia:%20x' },
    { fault: 'half an escape', uri: 'sip:c@d?Subject=%4' },
    { fault: 'escapes that are no UTF-8', uri: 'sip:c@d?Subject=%ff' },
    { fault: 'a field without value', uri: 'sip:c@d?Subject' },
    { fault: 'a field without name', uri: 'sip:c@d?=x' },
    {
      fault: 'two Replaces',
      uri: 'sip:c@d?Replaces=a%3Bto-tag%3D1%3Bfrom-tag%3D2&replaces=b%3Bto-tag%3D1%3Bfrom-tag%3D2',
    },
    { fault: 'a broken Replaces', uri: 'sip:c@d?Replaces=a' },
    { fault: 'too many fields', uri: `sip:c@d?${Array.from({ length: 17 }, (_, at) => `x${at}=1`).join('&')}` },
    { fault: 'no host', uri: 'sip:' },
    { fault: 'a method that is no token', uri: 'sip:c@d;method=INV/ITE' },
    { fault: 'a method without a name', uri: 'sip:c@d;method' },
  ])('[RFC 3261 19.1.1] refuses $fault', ({ uri }) => {
    expect(() => readReferTarget(uri)).toThrow(expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED' }));
  });

  it('[RFC 3261 19.1.5] survives mutation: a SipError, or a URI fit for a Request-URI', () => {
    const uri = 'sip:c@c.example;gr=x?Replaces=90%40a%3Bto-tag%3D1%3Bfrom-tag%3D2&Require=replaces&Subject=x';
    const mutant = fc
      .tuple(fc.nat(uri.length), fc.string({ maxLength: 3 }))
      .map(([at, noise]) => uri.slice(0, at) + noise + uri.slice(at + 1));
    fc.assert(
      fc.property(mutant, (text) => {
        try {
          const uri = parseUri(readReferTarget(text).uri);
          expect(uri.scheme === 'tel' || (uri.headers === '' && !uri.params.has('method'))).toBe(true);
        } catch (error) {
          if (!(error instanceof SipError)) throw error;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('formatReferTarget', () => {
  it('[RFC 5589 7.3] escapes Replaces, and is read back', () => {
    const replaces = parseReplaces('a"<b>@[2001:db8::1];to-tag=1;from-tag=2;early-only');
    const uri = formatReferTarget('sip:carol@c.example', replaces);
    expect(uri).toBe(
      'sip:carol@c.example?Replaces=a%22%3Cb%3E%40%5B2001%3Adb8%3A%3A1%5D%3Bto-tag%3D1%3Bfrom-tag%3D2%3Bearly-only&Require=replaces',
    );
    expect(readReferTarget(uri)).toMatchObject({ uri: 'sip:carol@c.example', replaces, requiresReplaces: true });
  });

  it('[RFC 3261 19.1.1] has no place for header fields in a tel URI', () => {
    expect(() => formatReferTarget('tel:+1', parseReplaces('a;to-tag=1;from-tag=2'))).toThrow(TypeError);
  });
});
