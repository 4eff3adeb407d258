/**
 * Flow tokens (RFC 5626 5.1): the name of a registered flow and what it may be used for, encrypted and authenticated.
 *
 * A token of Path leads new requests to a WIC; one of Record-Route is good for its own dialog only. Neither does for
 * the other, so that what a WIC learns from a dialog opens no other way. AES-256-GCM with a random nonce each time, so
 * that no two tokens of a flow look alike.
 *
 *     token = base64url( version | nonce | ciphertext | tag )
 *
 * @module
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { FlowTokenInvalid } from '../errors.ts';
import { type FlowName, findFlowName, flowKey } from './flow-name.ts';

/** What our WIC is in a dialog: who sent the request that formed it, or who got it. */
export type DialogRole = 'caller' | 'callee';

export interface PathToken {
  readonly kind: 'path';
  readonly flow: FlowName;
}

export interface DialogToken {
  readonly kind: 'dialog';
  readonly flow: FlowName;
  readonly role: DialogRole;
  /** 16 octets in hexadecimal that name the dialog, whatever the tag of the one who was called. */
  readonly digest: string;
}

export type FlowToken = PathToken | DialogToken;

const version = 2;
const nonceOctets = 12;
const tagOctets = 16;
const headOctets = 1 + nonceOctets;
const maxTokenCharacters = 1_024;
const algorithm = 'aes-256-gcm';

export class FlowTokens {
  /** Octets would be looked through as if they were a PEM file, each time. */
  readonly #key: KeyObject;

  /** @param key 32 octets. */
  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  /** A fresh token; it fits in the user part of a SIP URI. */
  seal(token: FlowToken): string {
    const head = Buffer.concat([Buffer.of(version), randomBytes(nonceOctets)]);
    const cipher = createCipheriv(algorithm, this.#key, head.subarray(1));
    cipher.setAAD(head.subarray(0, 1));
    const text = cipher.update(formatContent(token), 'utf8');
    return Buffer.concat([head, text, cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  /** @throws {FlowTokenInvalid} another key made it, or it was changed. */
  open(token: string): FlowToken {
    if (token.length > maxTokenCharacters || !/^[A-Za-z0-9_-]+$/u.test(token)) throw new FlowTokenInvalid();
    const octets = Buffer.from(token, 'base64url');
    if (octets.length < headOctets + tagOctets || octets[0] !== version) throw new FlowTokenInvalid();
    const opened = findContent(this.#decrypt(octets));
    if (opened === undefined) throw new FlowTokenInvalid();
    return opened;
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

/** `path:flow`, `caller:digest:flow` or `callee:digest:flow`. */
function formatContent(token: FlowToken): string {
  const name = flowKey(token.flow);
  return token.kind === 'path' ? `path:${name}` : `${token.role}:${token.digest}:${name}`;
}

const content = /^(?:path|(?<role>caller|callee):(?<digest>[0-9a-f]{32})):(?<name>\[.*\])$/su;

function findContent(text: string): FlowToken | undefined {
  const { role, digest, name } = content.exec(text)?.groups ?? {};
  const flow = name === undefined ? undefined : findFlowName(name);
  if (flow === undefined) return undefined;
  if (digest === undefined) return { kind: 'path', flow };
  return { kind: 'dialog', flow, role: role === 'caller' ? 'caller' : 'callee', digest };
}
