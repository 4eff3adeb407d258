/**
 * A STUN message (RFC 8489 5).
 *
 * @module
 */
import { type AttributeName, attributeType } from './attribute-type.ts';

export type MessageClass = 'request' | 'indication' | 'success' | 'error';

/** The class bits in the order of their value (RFC 8489 5). */
export const messageClasses: readonly MessageClass[] = ['request', 'indication', 'success', 'error'];

/** Octets before the attributes. */
export const headerLength = 20;

export const magicCookie = 0x2112a442;

export interface StunAttribute {
  readonly type: number;
  /** Without padding. */
  readonly value: Buffer;
}

export interface StunMessage {
  readonly class: MessageClass;
  /** 0x000 to 0xfff. */
  readonly method: number;
  /** 12 octets. */
  readonly transactionId: Buffer;
  /** MESSAGE-INTEGRITY and FINGERPRINT are not among them. */
  readonly attributes: readonly StunAttribute[];
}

/** The first attribute of that name: later ones are to be ignored (RFC 8489 14). */
export function findAttribute(message: StunMessage, name: AttributeName): Buffer | undefined {
  const type = attributeType[name];
  return message.attributes.find((attribute) => attribute.type === type)?.value;
}

/** Every attribute of that name, for the few that may repeat (RFC 8656 10.1). */
export function findAttributes(message: StunMessage, name: AttributeName): readonly Buffer[] {
  const type = attributeType[name];
  return message.attributes.filter((attribute) => attribute.type === type).map(({ value }) => value);
}

export function attribute(name: AttributeName, value: Buffer): StunAttribute {
  return { type: attributeType[name], value };
}
