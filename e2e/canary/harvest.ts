/**
 * The secrets that come up during a run: taken from where they legitimately are.
 *
 * @module
 */
import { createPrivateKey } from 'node:crypto';
import { type AkaSubscriber, akaSecrets } from './aka-secrets.ts';
import type { Canaries, SecretKind } from './canaries.ts';
import type { Evidence, Place } from './evidence.ts';

interface Rule {
  readonly kind: SecretKind;
  readonly place: Place;
  readonly at?: RegExp;
  /** The secret is its first group. */
  readonly pattern: RegExp;
  /** It stands for octets, by which it is searched for too. */
  readonly isBase64?: true;
}

const turnAccess = /^wwsf GET \/turn-access$/u;

const rules: readonly Rule[] = [
  { kind: 'access token', place: 'answer body', pattern: /"access_token":"(eyJ[^"]+)"/gu },
  { kind: 'access token', place: 'between functions', pattern: /"access_token":"(eyJ[^"]+)"/gu },
  { kind: 'refresh token', place: 'between functions', pattern: /"refresh_token":"([^"]+)"/gu },
  { kind: 'ID token', place: 'between functions', pattern: /"id_token":"([^"]+)"/gu },
  { kind: 'authorization code', place: 'address', pattern: /[?&]code=([\w-]{20,})/gu },
  { kind: 'code verifier', place: 'between functions', pattern: /code_verifier=([\w.~-]{40,})/gu },
  { kind: 'client assertion', place: 'between functions', pattern: /client_assertion=([\w.-]+)/gu },
  {
    kind: 'revocation statement',
    place: 'between functions',
    at: /^sent operations$/u,
    // Its `typ`, in base64url; other tokens are shown there to be refused.
    pattern: /^authorization: Bearer (eyJhbGciOiJFUzI1NiIsInR5cCI6InJldm9jYXRpb24r\S+)/gimu,
  },
  {
    kind: 'WAF cookie',
    place: 'answer header',
    at: /^(?:waf|partnerWaf) /u,
    // Those of one sign-in hold its name, which is an address too: their signature is the secret.
    pattern: /^set-cookie: [^=]+(?:session|known|\.sig)=([\w.~-]{16,})/gimu,
  },
  {
    kind: 'WWSF cookie',
    place: 'answer header',
    at: /^(?:wwsf|partnerWwsf) /u,
    pattern: /^set-cookie: [^=]+=([\w.~-]{16,})/gimu,
  },
  { kind: 'CSRF token', place: 'answer body', pattern: /"csrfToken":"([^"]+)"/gu },
  { kind: 'form token', place: 'answer body', pattern: /name="form_token" value="([^"]+)"/gu },
  { kind: 'TURN password', place: 'W2 to page', pattern: /^3gpp-ext-turn-cred: ?"?[^:]+:\d+:([^\s"]+)/gimu },
  {
    kind: 'TURN password',
    place: 'answer body',
    at: /^wwsf GET \/turn-credential$/u,
    pattern: /"password":"([^"]+)"/gu,
  },
  // No JWT: octets in base64 (RFC 7635 6.2).
  { kind: 'TURN access token', place: 'answer body', pattern: /"access_token":"(?!eyJ)([^"]+)"/gu, isBase64: true },
  {
    kind: 'TURN access token',
    place: 'between functions',
    pattern: /"access_token":"(?!eyJ)([^"]+)"/gu,
    isBase64: true,
  },
  { kind: 'TURN session key', place: 'answer body', at: turnAccess, pattern: /"key":"([^"]+)"/gu, isBase64: true },
  { kind: 'TURN session key', place: 'between functions', pattern: /"key":"([\w+/]{27}=)"/gu, isBase64: true },
  { kind: 'AS-RS key', place: 'file', at: /^turn-keys\.json$/u, pattern: /"key":"([^"]+)"/gu, isBase64: true },
  { kind: 'ice-pwd', place: 'W2 from page', pattern: /^a=ice-pwd:(\S+)/gmu },
  { kind: 'ice-pwd', place: 'W2 to page', pattern: /^a=ice-pwd:(\S+)/gmu },
  {
    kind: 'password hash',
    place: 'file',
    at: /^(?:(?:partner\/)?waf\/waf\.sqlite account|partner\/accounts\.json)/u,
    pattern: /(\$?scrypt[$:][^"\s]+)/gu,
  },
  { kind: 'cookie key', place: 'file', at: /\/keys\.json$/u, pattern: /"cookies":\["([^"]+)"/gu },
  { kind: 'hashing key', place: 'file', at: /\/keys\.json$/u, pattern: /"hashing":"([^"]+)"/gu },
];

/** The signature of a JWT is all that makes it one: alone it is a secret too. */
const jwtKinds: ReadonlySet<SecretKind> = new Set([
  'access token',
  'ID token',
  'client assertion',
  'revocation statement',
]);

export function harvest(evidence: Evidence, canaries: Canaries, subscribers: readonly AkaSubscriber[]): void {
  for (const { kind, place, at, pattern, isBase64 = false } of rules) {
    for (const item of evidence.of(place)) {
      if (at !== undefined && !at.test(item.at)) continue;
      for (const [, value = ''] of item.octets.toString('latin1').matchAll(pattern)) {
        const text = decodeURIComponent(value);
        canaries.add(kind, text);
        if (isBase64) canaries.add(kind, Buffer.from(text, 'base64'));
        if (jwtKinds.has(kind)) canaries.add(kind, text.split('.')[2] ?? text);
      }
    }
  }
  for (const { octets } of evidence.of('W2 to page')) {
    for (const subscriber of subscribers) akaSecrets(octets.toString('latin1'), subscriber, canaries);
  }
  harvestKeys(evidence, canaries);
}

function harvestKeys(evidence: Evidence, canaries: Canaries): void {
  for (const { at, octets } of evidence.of('file')) {
    if (at.endsWith('/sealing.key')) canaries.add('sealing key', octets);
    else if (at.endsWith('/flow-token.key')) canaries.add('flow token key', octets);
    else if (at.endsWith('.key')) harvestPem(octets, canaries);
    else if (at.endsWith('/keys.json')) {
      const { signing } = JSON.parse(octets.toString()) as { readonly signing: readonly { readonly d: string }[] };
      for (const { d } of signing) canaries.add('private key', Buffer.from(d, 'base64url'));
    }
  }
}

/** The number itself, and a line of the file that holds most of it. */
function harvestPem(pem: Buffer, canaries: Canaries): void {
  const { d } = createPrivateKey(pem).export({ format: 'jwk' });
  if (d === undefined) throw new TypeError('expected a private key of an elliptic curve');
  canaries.add('private key', Buffer.from(d, 'base64url'));
  const [, , line] = pem.toString().split('\n');
  if (line !== undefined) canaries.add('private key', line);
}
