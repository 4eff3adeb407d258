/**
 * STUN and TURN messages (RFC 8489, RFC 8656): octets to messages and back, on datagrams and streams.
 *
 * @module
 */
export { decodeAddress, encodeAddress, formatIPv6, groupsOfIPv6 } from './address.ts';
export { type AttributeName, attributeType, isUnknownAndRequired } from './attribute-type.ts';
export { channelHeaderLength, channelPayload, encodeChannelData, maxChannel, minChannel } from './channel-data.ts';
export { type DecodedMessage, decodeMessage } from './decode-message.ts';
export { encodeMessage, type Protection } from './encode-message.ts';
export type { Endpoint } from './endpoint.ts';
export {
  decodeErrorCode,
  type ErrorCode,
  encodeAddressErrorCode,
  encodeErrorCode,
  encodeUnknownAttributes,
} from './error-code.ts';
export { type AnyStunError, AttributeMalformed, StreamOutOfStep, StunError, StunMalformed } from './errors.ts';
export { type IntegrityHash, integritySha256Length, isIntegrityValid, longTermKey } from './integrity.ts';
export {
  attribute,
  findAttribute,
  findAttributes,
  headerLength,
  type MessageClass,
  magicCookie,
  type StunAttribute,
  type StunMessage,
} from './message.ts';
export { method } from './method.ts';
export {
  decodePasswordAlgorithms,
  encodePasswordAlgorithms,
  type PasswordAlgorithm,
} from './password-algorithm.ts';
export { maxFrameLength, TcpFramer } from './tcp-framer.ts';
export { userHash } from './user-hash.ts';
export { decodeXorAddress, encodeXorAddress } from './xor-address.ts';
