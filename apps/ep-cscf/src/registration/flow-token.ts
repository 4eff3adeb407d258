/**
 * Flow tokens (RFC 5626 5.1): the name of a registered flow, encrypted and authenticated, for a user part.
 *
 * AES-256-GCM with a random nonce each time, so that no two tokens of a flow look alike.
 *
 *     token = base64url( version | nonce | ciphertext | tag )
 *
 * @module
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { FlowTokenInvalid } from '../errors.ts';
import { type FlowName, findFlowName, flowKey } from './flow-name.ts';

const version = 1;
const nonceOctets = 12;
const tagOctets = 16;
const headOctets = 1 + nonceOctets;
const maxTokenCharacters = 1_024;
const algorithm = 'aes-256-gcm';

export class FlowTokens {
  readonly #key: Uint8Array;

  /** @param key 32 octets. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** A fresh token; it fits in the user part of a SIP URI. */
  seal(name: FlowName): string {
    const head = Buffer.concat([Buffer.of(version), randomBytes(nonceOctets)]);
    const cipher = createCipheriv(algorithm, this.#key, head.subarray(1));
    cipher.setAAD(head.subarray(0, 1));
    const text = cipher.update(flowKey(name), 'utf8');
    return Buffer.concat([head, text, cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  /** @throws {FlowTokenInvalid} another key made it, or it was changed. */
  open(token: string): FlowName {
    if (token.length > maxTokenCharacters || !/^[A-Za-z0-9_-]+$/u.test(token)) throw new FlowTokenInvalid();
    const octets = Buffer.from(token, 'base64url');
    if (octets.length < headOctets + tagOctets || octets[0] !== version) throw new FlowTokenInvalid();
    const name = findFlowName(this.#decrypt(octets));
    if (name === undefined) throw new FlowTokenInvalid();
    return name;
  }

  #decrypt(octets: Buffer): string {
    const decipher = createDecipheriv(algorithm, this.#key, octets.subarray(1, headOctets), {
      authTagLength: tagOctets,
    });
    decipher.setAAD(octets.subarray(0, 1));
    decipher.setAuthTag(octets.subarray(-tagOctets));
    const text = decipher.update(octets.subarray(headOctets, -tagOctets));
    try {
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new FlowTokenInvalid({ cause });
    }
  }
}
