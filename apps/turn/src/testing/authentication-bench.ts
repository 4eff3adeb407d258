/**
 * An authenticator alone, with a clock of the test, and requests for it.
 *
 * @module
 */
import { createHmac, type KeyObject } from 'node:crypto';
import {
  type AttributeName,
  attribute,
  type DecodedMessage,
  decodeMessage,
  type Endpoint,
  encodeMessage,
  findAttribute,
  type IntegrityHash,
  longTermKey,
  method,
  type StunAttribute,
} from '@wicgate/stun';
import type { Authenticator, TurnUser } from '../authentication/authenticator.ts';
import { createAuthenticator } from '../authentication/create-authenticator.ts';
import { readConfig } from '../config.ts';
import { RequestRefused } from '../errors.ts';
import { testRealm, testSecret } from './test-server.ts';

export interface RequestParts {
  /** Text or octets by attribute name, beside REALM and NONCE; undefined leaves one of these out. */
  readonly [name: string]: string | Buffer | undefined;
}

export interface Signature {
  readonly key: Buffer | KeyObject;
  readonly hash?: IntegrityHash;
}

export class AuthenticationBench {
  nowMs = 1_700_000_000_000;
  readonly client: Endpoint = { family: 'IPv4', address: '192.0.2.7', port: 4_000 };
  readonly authenticator: Authenticator;

  constructor(settings: Readonly<Record<string, string | undefined>> = {}) {
    const config = readConfig({ TURN_REALM: testRealm, TURN_SECRET: testSecret, ...settings });
    this.authenticator = createAuthenticator(config);
  }

  /** Attributes of a challenge, as text or, where they are none, in hexadecimal. */
  challenge(statusCode: 401 | 438 = 401): ReadonlyMap<number, Buffer> {
    const attributes = this.authenticator.challenge(statusCode, this.client, this.nowMs);
    return new Map(attributes.map(({ type, value }) => [type, value]));
  }

  /** A request with REALM and a fresh NONCE. */
  request(parts: RequestParts, { key, hash = 'sha1' }: Signature): DecodedMessage {
    const [realm, nonce] = this.authenticator.challenge(401, this.client, this.nowMs);
    const all = { REALM: realm?.value, NONCE: nonce?.value, ...parts };
    const attributes: StunAttribute[] = [];
    for (const [name, value] of Object.entries(all)) {
      if (value !== undefined) attributes.push(attribute(name as AttributeName, Buffer.from(value)));
    }
    const message = {
      class: 'request',
      method: method.Refresh,
      transactionId: Buffer.alloc(12, 1),
      attributes,
    } as const;
    return decodeMessage(encodeMessage(message, { integrityKey: key, integrityHash: hash, fingerprint: false }));
  }

  authenticate(request: DecodedMessage, allocationUser?: TurnUser): TurnUser {
    const { client, nowMs } = this;
    return this.authenticator.authenticate(request, { client, nowMs, allocationUser });
  }

  /** The tid of who made the request, or the refusal: `400`, `401`, `438`. */
  outcome(request: DecodedMessage, allocationUser?: TurnUser): string {
    try {
      return this.authenticate(request, allocationUser).tid;
    } catch (error) {
      if (error instanceof RequestRefused) return String(error.statusCode);
      throw error;
    }
  }
}

export const keyOf = (username: string, password: string, algorithm: 'MD5' | 'SHA-256' = 'MD5'): Buffer =>
  longTermKey(username, testRealm, password, algorithm);

/** The request with MESSAGE-INTEGRITY-SHA256 cut to `length` octets; it has to be its last attribute. */
export function withCutIntegrity({ octets }: DecodedMessage, key: Buffer, length: number): DecodedMessage {
  const cut = Buffer.from(octets.subarray(0, octets.length - 32 + length));
  cut.writeUInt16BE(length, cut.length - length - 2);
  cut.writeUInt16BE(cut.length - 20, 2);
  createHmac('sha256', key)
    .update(cut.subarray(0, cut.length - length - 4))
    .digest()
    .copy(cut, cut.length - length, 0, length);
  return decodeMessage(cut);
}

export function nonceOf(request: DecodedMessage): string {
  return findAttribute(request, 'NONCE')?.toString() ?? '';
}
