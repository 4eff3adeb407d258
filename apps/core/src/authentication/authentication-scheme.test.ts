import { Headers, noBody, type SipRequest } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { decideScheme, schemeTable } from './authentication-scheme.ts';

const aka = 'IMS AKA';
const akaOverTls = 'IMS AKA over TLS';
const tna = 'Trusted Node Authentication';
const giba = 'GPRS-IMS-Bundled Authentication';
const asksHss = 'SIP Digest or NASS-IMS-Bundled Authentication';

const register = (...headers: readonly (readonly [string, string])[]): SipRequest => ({
  method: 'REGISTER',
  requestUri: 'sip:ims.example',
  headers: Headers.of(...headers),
  body: noBody,
});
const credentials = (params = ''): readonly [string, string] => [
  'Authorization',
  `Digest username="dora@ims.example",realm="ims.example",nonce="",uri="sip:ims.example",response=""${params}`,
];
const access = (value: string): readonly [string, string] => ['P-Access-Network-Info', value];

describe('[P.4.2] the scheme of a REGISTER', () => {
  it.each([
    ['1', 'integrity-protected yes', [credentials(',integrity-protected="yes"')], aka],
    ['1', 'integrity-protected no', [credentials(',integrity-protected=no')], aka],
    ['1', 'the same in capitals', [credentials(',Integrity-Protected="YES"')], aka],
    [
      '1',
      'tls-connected with AKAv2-SHA-256',
      [credentials(',algorithm=AKAv2-SHA-256,integrity-protected="tls-connected"')],
      akaOverTls,
    ],
    ['3', 'tls-connected with MD5', [credentials(',algorithm=MD5,integrity-protected="tls-connected"')], asksHss],
    ['3', 'AKAv2-SHA-256 without a statement', [credentials(',algorithm=AKAv2-SHA-256')], asksHss],
    ['1a', 'auth-done', [credentials(',integrity-protected="auth-done"')], tna],
    ['1a', 'auth-done behind other credentials', [credentials(), credentials(',integrity-protected="auth-done"')], tna],
    ['2', 'nothing', [], giba],
    ['2', 'an access network that the terminal names', [access('IEEE-802.11')], giba],
    ['2', 'a 3GPP access network', [access('3GPP-NR-FDD;network-provided')], giba],
    ['2', 'the same, written np', [access('3gpp-utran-tdd;np')], giba],
    ['2', 'a 3GPP access network among others', [access('IEEE-802.11;np'), access('3GPP-GERAN;np')], giba],
    ['2', 'other credentials', [['Authorization', 'Basic a="b",integrity-protected="auth-done"']], giba],
    ['3', 'another access network', [access('IEEE-802.11;network-provided')], asksHss],
    ['3', 'an access network of 3GPP2', [access('3GPP2-1X;network-provided')], asksHss],
    ['3', 'a line of NASS', [access('ADSL;dsl-location="1";network-provided')], asksHss],
    ['3', 'credentials', [credentials()], asksHss],
    ['3', 'credentials over 3GPP access', [credentials(), access('3GPP-NR-FDD;network-provided')], asksHss],
    ['3', 'tls-pending', [credentials(',integrity-protected="tls-pending"')], asksHss],
    ['3', 'tls-yes', [credentials(',integrity-protected="tls-yes"')], asksHss],
    ['3', 'ip-assoc-pending', [credentials(',integrity-protected="ip-assoc-pending"')], asksHss],
    ['3', 'ip-assoc-yes', [credentials(',integrity-protected="ip-assoc-yes"')], asksHss],
    ['3', 'an empty statement', [credentials(',integrity-protected=""')], asksHss],
  ] as const)('[P.4.2-%s] [S-CSCF 1] with %s', (step, _name, headers, scheme) => {
    expect(decideScheme(register(...headers))).toMatchObject({ step, scheme });
  });

  it('[P.4.2] [S-CSCF 1] what is done: TNA is believed, AKA and Digest are challenged, GIBA is refused', () => {
    expect(schemeTable.map(({ scheme, procedure }) => [scheme, procedure])).toEqual([
      [aka, 'challenge'],
      [akaOverTls, 'challenge'],
      [tna, 'vouch'],
      [giba, { refuse: 'GIBA_NOT_SUPPORTED' }],
      // X.2.3.3: tls-connected without AKAv2-SHA-256.
      [asksHss, { refuse: 'NO_AUTHENTICATION_SCHEME' }],
      [asksHss, 'challenge'],
    ]);
  });

  it.each([[access(';;np')], [['Authorization', 'Digest username='] as const]])('[P.4.2] broken: %j', (header) => {
    expect(() => decideScheme(register(header))).toThrow(expect.objectContaining({ statusCode: 400 }));
  });
});
