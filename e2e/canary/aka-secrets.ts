/**
 * What an AKA challenge makes secret, as SIM and HSS compute it and nobody else may know (TS 33.203 X.2.3.3, 6.1).
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { AkaNonceMalformed, akaDigestPassword, createMilenage, deriveOpc, parseAkaNonce } from '@wicgate/aka';
import type { Canaries } from './canaries.ts';

export interface AkaSubscriber {
  readonly impi: string;
  readonly k: Uint8Array;
  readonly op: Uint8Array;
}

const algorithms = { 'AKAv1-MD5': 'md5', 'AKAv2-MD5': 'md5', 'AKAv2-SHA-256': 'sha256' } as const;

/** Of each challenge in `message`, as if it were for this subscriber: of others the values are merely nowhere. */
export function akaSecrets(message: string, { impi, k, op }: AkaSubscriber, canaries: Canaries): void {
  if (!/AKAv[12]/u.test(message)) return;
  const milenage = createMilenage({ k, opc: deriveOpc(k, op) });
  for (const [, nonce = ''] of message.matchAll(/\bnonce="([^"]+)"/gu)) {
    const rand = findRand(nonce);
    if (rand === undefined) continue;
    const { res, ck, ik } = milenage.f2345(rand);
    canaries.add('RES', res);
    canaries.add('CK', ck);
    canaries.add('IK', ik);
    for (const [algorithm, hash] of Object.entries(algorithms)) {
      const password = akaDigestPassword(algorithm as keyof typeof algorithms, { res, ck, ik });
      if (typeof password === 'string') canaries.add('AKA password', password);
      const [, realm = ''] = impi.split('@');
      const ha1 = createHash(hash).update(`${impi}:${realm}:`).update(password).digest();
      canaries.add('H(A1) of AKA', ha1);
    }
  }
}

function findRand(nonce: string): Uint8Array | undefined {
  try {
    return parseAkaNonce(nonce).rand;
  } catch (error) {
    if (error instanceof AkaNonceMalformed) return undefined;
    throw error;
  }
}
