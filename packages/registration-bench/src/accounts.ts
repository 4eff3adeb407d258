/**
 * The schemes that are compared, and the users who register by them. Their names say which one: `md5-7`.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { MilenageKeys } from '@wicgate/aka';

export const homeDomain = 'ims.example';

export type SchemeName = 'Bearer' | 'Digest MD5' | 'Digest SHA-256' | 'AKAv2-SHA-256';

export interface Scheme {
  readonly name: SchemeName;
  /** Its users are called so, with a number behind. */
  readonly prefix: string;
}

export const schemes: readonly Scheme[] = [
  { name: 'Bearer', prefix: 'bearer' },
  { name: 'Digest MD5', prefix: 'md5' },
  { name: 'Digest SHA-256', prefix: 'sha256' },
  { name: 'AKAv2-SHA-256', prefix: 'aka' },
];

export const akaAlgorithm = 'AKAv2-SHA-256';
export const amf = '8000';

/** In hexadecimal digits; one K and OPc do for all. */
const subscriberKey = '9bd0a1c4e27f4d1586b33d5c70fe29a8';
const operatorKey = '3c1fd24e6a9b47708d5512fe9ac6b0e3';

export function milenageKeys(): MilenageKeys {
  return { k: Buffer.from(subscriberKey, 'hex'), opc: Buffer.from(operatorKey, 'hex') };
}

export function userName({ prefix }: Scheme, index: number): string {
  return `${prefix}-${index}`;
}

/** The scheme of a user, by the name; undefined: nobody's. */
export function findScheme(user: string): Scheme | undefined {
  return schemes.find(({ prefix }) => user.startsWith(`${prefix}-`));
}

export function impiOf(user: string): string {
  return `${user}@${homeDomain}`;
}

export function passwordOf(user: string): string {
  return `${user}-password`;
}

/** The subscription of a user, as the provisioning API of the HSS takes it. */
export function subscriptionOf(scheme: Scheme, user: string): object {
  const subscription = { impi: impiOf(user), impus: [{ impu: `sip:${impiOf(user)}` }] };
  const ha1 = (hash: string): string =>
    createHash(hash)
      .update(`${impiOf(user)}:${homeDomain}:${passwordOf(user)}`)
      .digest('hex');
  switch (scheme.name) {
    case 'Bearer':
      return subscription;
    case 'Digest MD5':
      return { ...subscription, digest: { ha1: { MD5: ha1('md5') } } };
    case 'Digest SHA-256':
      return { ...subscription, digest: { ha1: { 'MD5': ha1('md5'), 'SHA-256': ha1('sha256') } } };
    case 'AKAv2-SHA-256':
      return { ...subscription, aka: { k: subscriberKey, opc: operatorKey, amf, sqn: '000000000000' } };
  }
}
