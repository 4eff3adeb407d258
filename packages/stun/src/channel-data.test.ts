import { expect, it } from 'vitest';
import { channelPayload, encodeChannelData } from './channel-data.ts';

it.each([
  { length: 0, padded: true, total: 4 },
  { length: 1, padded: true, total: 8 },
  { length: 4, padded: true, total: 8 },
  { length: 5, padded: true, total: 12 },
  { length: 1, padded: false, total: 5 },
])('[RFC 8656 12.4] $length octets, padded $padded, make a message of $total', ({ length, padded, total }) => {
  const data = Buffer.alloc(length, 0xaa);
  const message = encodeChannelData(0x4001, data, padded);
  expect(message.length).toBe(total);
  expect(message.readUInt16BE(0)).toBe(0x4001);
  expect(channelPayload(message)).toEqual(data);
  expect(message.subarray(4 + length).every((octet) => octet === 0)).toBe(true);
});

it.each(['', '40', '400100', '40010001', '4001000500000000'])('[RFC 8656 12.6] finds no data in "%s"', (hex) => {
  expect(channelPayload(Buffer.from(hex, 'hex'))).toBeUndefined();
});
