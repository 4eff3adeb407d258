/**
 * Where a secret may be found, one line each with the reason. Everywhere else it is a fault.
 *
 * @module
 */
import type { SecretKind } from './canaries.ts';
import type { Place } from './evidence.ts';
import type { Found } from './find-secrets.ts';

export interface Allowed {
  readonly kind: SecretKind;
  readonly place: Place;
  readonly at: RegExp;
  readonly reason: string;
  /** Not seen in each run: the page goes elsewhere at once, and its browser may forget the answer. */
  readonly isFleeting: boolean;
}

type Row = readonly [kind: SecretKind, place: Place, at: RegExp, reason: string, when?: 'fleeting'];

const signIn = /^(?:waf|partnerWaf) POST \/interaction\/|^partnerWwsf POST \/sign-in$/u;
const wwsfs = /^(?:wwsf|partnerWwsf) /u;
const wafs = /^(?:waf|partnerWaf) /u;
const onLocalhost = /^(?:wwsf|partnerWwsf|waf|partnerWaf|isim) /u;
const toWaf = /^sent (?:waf|wafMtls|partnerWaf)$/u;
const fromWaf = /^got (?:waf|wafMtls|partnerWaf)$/u;
const turnServer = /^sent turn(?:Tls)?$/u;
const keyFiles = /^(?:certificates\/[\w-]+|partner\/wwsf-client)\.key$|^(?:partner\/)?waf\/keys\.json$/u;

const rows: readonly Row[] = [
  ['web password', 'request body', signIn, 'X.3.2.3 step 0: the user types it into the page of who authenticates her'],
  ['web password typed as user name', 'request body', signIn, 'the user typed it into the wrong field'],
  ['web password typed as user name', 'answer body', signIn, 'that field keeps what she typed; no other page shows it'],
  ['web password typed as user name', 'page text', /^(?:waf|partnerWwsf)$/u, 'the same page, while she corrects it'],
  ['password hash', 'file', /^(?:partner\/)?waf\/waf\.sqlite/u, 'accounts of a WAF: scrypt with a salt each'],
  ['password hash', 'file', /^partner\/accounts\.json$/u, 'accounts of a WWSF that signs in itself: scrypt too'],
  ['H(A1) of SIP Digest', 'file', /^hss\.sqlite/u, 'N.2.1.1: the HSS stores H(A1) in place of the password'],
  ['K', 'file', /^hss\.sqlite/u, 'TS 33.102 6.3.2: the home network computes vectors from it'],
  ['OPc', 'file', /^hss\.sqlite/u, 'the same; OP itself is forgotten'],
  ['K', 'file', /^isim-profiles\//u, "the lab's stand-in for the card that an operator hands out"],
  ['OP', 'file', /^isim-profiles\//u, 'the same'],
  ['TURN key', 'file', /^secrets\.json$/u, 'X.5.2: what eP-CSCF and TURN server share, made by the lab'],
  ['TURN password', 'W2 to page', /^200 /u, 'X.5.2.2 step 4: in the 200 to its own user'],
  ['TURN password', 'answer body', /^wwsf GET \/turn-credential$/u, 'the same in exchange for a session, to its page'],
  ['TURN operator token', 'between functions', /^sent operations$/u, 'how the eP-CSCF revokes at the TURN server'],
  ['AS-RS key', 'file', /^turn-keys\.json$/u, 'RFC 7635 6.2: what WAF and TURN server share, made by the lab'],
  ['TURN access token', 'between functions', fromWaf, 'X.5.3.2 step 5: the WAF issues it'],
  ['TURN access token', 'answer body', /^wwsf GET \/turn-access$/u, 'X.5.3.2 step 6: the WWSF gives it to its page'],
  ['TURN access token', 'between functions', turnServer, 'X.5.3.2 step 7: the client shows it to the TURN server'],
  ['TURN session key', 'between functions', fromWaf, 'X.5.3.2 step 5: with the token'],
  ['TURN session key', 'answer body', /^wwsf GET \/turn-access$/u, 'X.5.3.2 step 6: with the token'],
  [
    'access token',
    'answer body',
    /^(?:wwsf|partnerWwsf) GET \/token$/u,
    'X.3.2.3 step 2: the WWSF gives it to its page',
  ],
  ['access token', 'W2 from page', /^REGISTER$/u, 'X.3.2.3 step 3: the credential of the REGISTER'],
  ['access token', 'between functions', fromWaf, 'X.3.2.3 step 1: the WAF issues it on W4'],
  ['access token', 'between functions', toWaf, 'RFC 7009: the WWSF has it revoked'],
  ['access token', 'between functions', /^sent operations$/u, 'the test shows it there, to be refused'],
  ['refresh token', 'between functions', fromWaf, 'the WAF issues it on W4'],
  ['refresh token', 'between functions', toWaf, 'the WWSF uses it, and has it revoked'],
  ['ID token', 'between functions', fromWaf, 'the WAF issues it on W4'],
  ['ID token', 'answer body', /^wwsf POST \/sign-out$/u, 'RP-Initiated Logout 1.0: where to go next', 'fleeting'],
  [
    'ID token',
    'address',
    /^waf GET \/session\/end$|^page waf$/u,
    'the same: it says whose session ends and opens nothing',
  ],
  [
    'authorization code',
    'address',
    /^(?:wwsf|waf|partnerWaf) GET \/(?:callback$|auth\/|grants\/callback$)/u,
    'RFC 6749 4.1.2: used once, with a verifier that stays',
  ],
  ['authorization code', 'between functions', toWaf, 'RFC 6749 4.1.3: the WWSF redeems it'],
  ['code verifier', 'between functions', toWaf, 'RFC 7636 4.5: goes with the code'],
  ['client assertion', 'between functions', toWaf, 'RFC 7523 2.2: how the WWSF authenticates'],
  ['revocation statement', 'between functions', /^sent operations$/u, 'how the WAF authenticates to the eP-CSCF'],
  ['WAF cookie', 'answer header', wafs, 'set by the WAF, HttpOnly'],
  [
    'WAF cookie',
    'request header',
    onLocalhost,
    'sent back to it; cookies know no ports, and all of the lab is on one host',
  ],
  ['WAF cookie', 'cookie', /^localhost /u, 'where the browser keeps it'],
  ['WWSF cookie', 'answer header', wwsfs, 'set by the WWSF, HttpOnly'],
  ['WWSF cookie', 'request header', onLocalhost, 'the same'],
  ['WWSF cookie', 'cookie', /^localhost /u, 'where the browser keeps it'],
  ['CSRF token', 'answer body', /^(?:wwsf|partnerWwsf) GET \/session$/u, 'the WWSF gives it to its page'],
  ['CSRF token', 'request header', wwsfs, 'the page proves by it that it is the page'],
  ['form token', 'answer body', /^(?:waf|partnerWaf|partnerWwsf) /u, 'in the form that it protects'],
  ['form token', 'page text', /^(?:waf|partnerWaf|partnerWwsf)$/u, 'the same form, in a field that is not shown'],
  ['form token', 'request body', /^(?:waf|partnerWaf|partnerWwsf) POST /u, 'sent with it'],
  ['private key', 'file', keyFiles, 'where its owner keeps it, mode 0600'],
  ['cookie key', 'file', /^(?:partner\/)?waf\/keys\.json$/u, 'the same'],
  ['hashing key', 'file', /^(?:partner\/)?waf\/keys\.json$/u, 'the same'],
  ['sealing key', 'file', /^(?:partner\/)?wwsf\/sealing\.key$/u, 'the same'],
  ['flow token key', 'file', /^ep-cscf\/flow-token\.key$/u, 'the same'],
  ['ice-pwd', 'W2 from page', /INVITE|ACK|PRACK|INFO|UPDATE/u, 'RFC 8839 5.4: between the two ends of a call'],
  ['ice-pwd', 'W2 to page', /INVITE|ACK|PRACK|INFO|UPDATE/u, 'the same'],
  ['ice-pwd', 'Mw', /./u, 'the same, on its way through the core'],
];

export const allowedPlaces: readonly Allowed[] = rows.map(([kind, place, at, reason, when]) => ({
  kind,
  place,
  at,
  reason,
  isFleeting: when === 'fleeting',
}));

export function isAllowed(found: Found, { kind, place, at }: Allowed): boolean {
  return found.kind === kind && found.place === place && at.test(found.at);
}
