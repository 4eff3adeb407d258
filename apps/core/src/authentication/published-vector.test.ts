import { baseResult, type CxHss } from '@wicgate/cx';
import { Headers, noBody, type SipRequest } from '@wicgate/sip';
import { VirtualClock } from '@wicgate/sip/testing';
import { expect, it } from 'vitest';
import { Authentication } from './authentication.ts';

// TS 35.207 4.3, set 1; what is derived from it was computed twice, by independent programs.
const octets = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const vector = {
  scheme: 'Digest-AKAv1-MD5',
  sipAuthenticate: octets('23553cbe9637a89d218ae64dae47bf3555f328b43577b9b94a9ffac354dfafb3'),
  sipAuthorization: octets('a54211d5e3ba50bf'),
  confidentialityKey: octets('b40ba9a3c58b2a05bbf0d987b21bf8cb'),
  integrityKey: octets('f769bcd751044604127672711c6d3441'),
} as const;
const nonce = 'I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=';
const cases = [
  [
    'AKAv2-SHA-256',
    'tls-connected',
    'IMS AKA over TLS',
    '0bf78effba6ba081a201ce2455a0ab7268a767d290d43deccfa55518cd8c0558',
  ],
  ['AKAv1-MD5', 'no', 'IMS AKA', 'd631c17126f6ad3a5984ced4459958df'],
] as const;

const register = (protection: string, algorithm: string, answer: string): SipRequest => ({
  method: 'REGISTER',
  requestUri: 'sip:home1.net',
  headers: Headers.of([
    'Authorization',
    `Digest username="user1_private@home1.net",realm="home1.net",uri="sip:home1.net",algorithm=${algorithm},integrity-protected="${protection}",${answer}`,
  ]),
  body: noBody,
});

it.each(cases)(
  '[X.2.3.3] [RFC 4169 3] [S-CSCF 2] accepts the known answer to the known vector: %s',
  async (algorithm, protection, scheme, response) => {
    const hss = {
      multimediaAuth: async () => ({ ...baseResult('DIAMETER_SUCCESS'), authItems: [vector] }),
    } as unknown as CxHss;
    const authentication = new Authentication({
      hss,
      clock: new VirtualClock(),
      random: (length) => new Uint8Array(length),
      homeDomain: 'home1.net',
      serverName: () => 'sip:scscf.home1.net',
      digestTargets: () => ['home1.net'],
      counts: { digestChecked: () => undefined },
      isRegistered: () => false,
      onUnauthenticated: () => undefined,
    });
    const user = {
      impi: 'user1_private@home1.net',
      impu: 'sip:user1@home1.net',
      callId: 'one',
      scheme,
      isTlsProtected: false,
    };
    const first = await authentication.authenticate({
      ...user,
      request: register(protection, algorithm, 'nonce="",response=""'),
    });
    expect(first.kind === 'challenge' ? first.headers[0]?.[1] : '').toContain(`nonce="${nonce}"`);
    const answer = `nonce="${nonce}",response="${response}",qop=auth,nc=00000001,cnonce="0a4f113b"`;
    const verdict = await authentication.authenticate({ ...user, request: register(protection, algorithm, answer) });
    expect(verdict).toMatchObject({ kind: 'accepted', scheme });
    const rspauth = 'faa4a68aa29a846f0e1912281957ba26dbd5a503430d4f6732fda8f960eb7bb7';
    if (algorithm === 'AKAv2-SHA-256') {
      expect(verdict.kind === 'accepted' ? verdict.authenticationInfo : '').toContain(`rspauth="${rspauth}"`);
    }
  },
);
