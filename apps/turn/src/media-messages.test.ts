import { randomBytes } from 'node:crypto';
import {
  attribute,
  decodeMessage,
  decodeXorAddress,
  type Endpoint,
  encodeMessage,
  findAttribute,
  method,
  StunMalformed,
} from '@wicgate/stun';
import { peerAttribute } from '@wicgate/turn-client';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeDataIndication, isChannelData, readPlainSendIndication } from './media-messages.ts';

const ipv4: Endpoint = { family: 'IPv4', address: '192.0.2.55', port: 40_000 };
const ipv6: Endpoint = { family: 'IPv6', address: '2001:db8:0:0:0:0:0:7', port: 1 };
const peers = fc.constantFrom(ipv4, ipv6);
const payloads = fc.uint8Array({ maxLength: 1_500 }).map((octets) => Buffer.from(octets));

function sendIndication(peer: Endpoint, data: Buffer): Buffer {
  const transactionId = randomBytes(12);
  const attributes = [peerAttribute(peer, transactionId), attribute('DATA', data)];
  const message = { class: 'indication', method: method.Send, transactionId, attributes } as const;
  return encodeMessage(message, { integrityKey: undefined, fingerprint: false });
}

describe('The fast way of media', () => {
  it('[RFC 8656 11.2] reads Send indications of either family, of any length', () => {
    fc.assert(
      fc.property(peers, payloads, (peer, data) => {
        expect(readPlainSendIndication(sendIndication(peer, data))).toEqual({ peer, data });
      }),
    );
  });

  it('[RFC 8656 11.2] reads nothing that the general decoder reads otherwise', () => {
    const changes = fc.array(fc.tuple(fc.nat(44), fc.nat(255)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(peers, payloads, changes, fc.nat(8), (peer, data, changed, cut) => {
        const octets = sendIndication(peer, data);
        for (const [at, value] of changed) if (at < octets.length) octets[at] = value;
        const message = octets.subarray(0, octets.length - cut);
        const plain = readPlainSendIndication(message);
        if (plain !== undefined) expect(plain).toEqual(readGenerally(message));
      }),
      { numRuns: 2_000 },
    );
  });

  it('[RFC 8656 11.2] leaves other messages to the general decoder', () => {
    const transactionId = randomBytes(12);
    const data = attribute('DATA', Buffer.from('data'));
    const peer = peerAttribute(ipv4, transactionId);
    const unknown = { type: 0x7fff, value: Buffer.alloc(0) };
    const lists = [[], [data], [peer], [data, peer], [unknown, peer, data], [peer, data, unknown], [peer, peer, data]];
    for (const attributes of lists) {
      const message = { class: 'indication', method: method.Send, transactionId, attributes } as const;
      for (const fingerprint of [false, true]) {
        const octets = encodeMessage(message, { integrityKey: undefined, fingerprint });
        expect(readPlainSendIndication(octets)).toBeUndefined();
      }
    }
    for (let length = 0; length < 40; length += 1) {
      expect(readPlainSendIndication(sendIndication(ipv4, Buffer.from('data')).subarray(0, length))).toBeUndefined();
    }
  });

  it('[RFC 8656 11.4] writes Data indications of either family, padded with zeros, no two with one id', () => {
    const ids = new Set<string>();
    fc.assert(
      fc.property(peers, payloads, (peer, data) => {
        const octets = encodeDataIndication(peer, data);
        const message = decodeMessage(octets);
        expect([message.class, message.method, octets.length % 4]).toEqual(['indication', method.Data, 0]);
        const value = findAttribute(message, 'XOR-PEER-ADDRESS') ?? Buffer.alloc(0);
        expect(decodeXorAddress('XOR-PEER-ADDRESS', value, message.transactionId)).toEqual(peer);
        expect(findAttribute(message, 'DATA')).toEqual(data);
        expect([...octets.subarray(octets.length - ((4 - (data.length % 4)) % 4))].every((octet) => octet === 0)).toBe(
          true,
        );
        const id = message.transactionId.toString('hex');
        expect(ids).not.toContain(id);
        ids.add(id);
      }),
    );
    for (let count = 0; count < 3_000; count += 1)
      ids.add(encodeDataIndication(ipv4, Buffer.alloc(0)).toString('hex', 8, 20));
    expect(ids.size).toBeGreaterThan(3_000);
  });

  it('[RFC 8656 12] tells ChannelData from STUN', () => {
    expect(isChannelData(Buffer.from([0x40]))).toBe(true);
    expect(isChannelData(Buffer.from([0x7f]))).toBe(true);
    for (const octets of [[], [0x00], [0x3f], [0x80], [0xff]]) expect(isChannelData(Buffer.from(octets))).toBe(false);
  });
});

function readGenerally(octets: Buffer): unknown {
  try {
    const message = decodeMessage(octets);
    if (message.class !== 'indication' || message.method !== method.Send) return message.class;
    const value = findAttribute(message, 'XOR-PEER-ADDRESS') ?? Buffer.alloc(0);
    return {
      peer: decodeXorAddress('XOR-PEER-ADDRESS', value, message.transactionId),
      data: findAttribute(message, 'DATA'),
    };
  } catch (error) {
    if (error instanceof StunMalformed) return 'malformed';
    throw error;
  }
}
