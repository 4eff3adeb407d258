/**
 * Media messages on their fast way: Send and Data indications read and written in one pass (RFC 8656 11).
 *
 * @module
 */
import { randomFillSync } from 'node:crypto';
import {
  attributeType,
  decodeXorAddress,
  type Endpoint,
  encodeXorAddress,
  headerLength,
  magicCookie,
} from '@wicgate/stun';

export interface SendIndication {
  readonly peer: Endpoint;
  /** A view. */
  readonly data: Buffer;
}

const sendIndicationType = 0x0016;
const dataIndicationType = 0x0017;
const attributeHeaderLength = 4;
const idAt = 8;
const idLength = headerLength - idAt;
const { 'XOR-PEER-ADDRESS': peerType, 'DATA': dataType } = attributeType;
const peerLengths: Readonly<Record<number, number>> = { 1: 8, 2: 20 };

/** Whether the message is ChannelData: STUN starts with two zero bits (RFC 8656 12). */
export function isChannelData(octets: Buffer): boolean {
  return octets.length > 0 && octets.readUInt8(0) >> 6 === 1;
}

/**
 * The indication if it has XOR-PEER-ADDRESS, then DATA, and nothing else, as nearly all have. Undefined says nothing:
 * such a message is for the general decoder.
 */
export function readPlainSendIndication(octets: Buffer): SendIndication | undefined {
  const peerAt = headerLength + attributeHeaderLength;
  if (octets.length < peerAt + 2 || octets.readUInt16BE(0) !== sendIndicationType) return undefined;
  const peerLength = peerLengths[octets.readUInt8(peerAt + 1)] ?? 0;
  const dataAt = peerAt + peerLength + attributeHeaderLength;
  if (octets.length < dataAt || octets.readUInt32BE(headerLength) !== attributeHeader(peerType, peerLength)) {
    return undefined;
  }
  const dataLength = octets.readUInt16BE(dataAt - 2);
  const end = dataAt + padded(dataLength);
  if (octets.length !== end || octets.readUInt16BE(2) !== end - headerLength) return undefined;
  if (octets.readUInt16BE(dataAt - 4) !== dataType || octets.readUInt32BE(4) !== magicCookie) return undefined;
  const value = octets.subarray(peerAt, peerAt + peerLength);
  return {
    peer: decodeXorAddress('XOR-PEER-ADDRESS', value, octets.subarray(idAt, headerLength)),
    data: octets.subarray(dataAt, dataAt + dataLength),
  };
}

/** What a client without a channel gets from a peer. */
export function encodeDataIndication(peer: Endpoint, data: Buffer): Buffer {
  const transactionId = nextTransactionId();
  const value = encodeXorAddress(peer, transactionId);
  const peerAt = headerLength + attributeHeaderLength;
  const dataAt = peerAt + value.length + attributeHeaderLength;
  const dataEnd = dataAt + data.length;
  const octets = Buffer.allocUnsafe(dataAt + padded(data.length));
  octets.writeUInt32BE(attributeHeader(dataIndicationType, octets.length - headerLength), 0);
  octets.writeUInt32BE(magicCookie, 4);
  octets.set(transactionId, idAt);
  octets.writeUInt32BE(attributeHeader(peerType, value.length), headerLength);
  octets.set(value, peerAt);
  octets.writeUInt32BE(attributeHeader(dataType, data.length), dataAt - attributeHeaderLength);
  octets.set(data, dataAt);
  if (dataEnd < octets.length) octets.fill(0, dataEnd);
  return octets;
}

/** Type and length; those of a message are written alike. */
function attributeHeader(type: number, length: number): number {
  return type * 0x1_0000 + length;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

/** Random octets for many ids are drawn at a time: drawing them one by one costs more than relaying (RFC 8489 5). */
const idPool = Buffer.alloc(idLength * 1_024);
let idPoolAt = idPool.length;

function nextTransactionId(): Buffer {
  if (idPoolAt === idPool.length) {
    randomFillSync(idPool);
    idPoolAt = 0;
  }
  idPoolAt += idLength;
  return idPool.subarray(idPoolAt - idLength, idPoolAt);
}
