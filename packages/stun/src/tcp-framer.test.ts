import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeChannelData } from './channel-data.ts';
import { encodeMessage } from './encode-message.ts';
import { maxFrameLength, TcpFramer } from './tcp-framer.ts';

const stun = encodeMessage(
  { class: 'request', method: 1, transactionId: Buffer.alloc(12, 1), attributes: [] },
  { integrityKey: undefined, fingerprint: true },
);
const frames = [
  stun,
  encodeChannelData(0x4000, Buffer.from('abcde'), false),
  stun,
  encodeChannelData(0x4001, Buffer.alloc(0), false),
];
const stream = Buffer.concat([
  stun,
  encodeChannelData(0x4000, Buffer.from('abcde'), true),
  stun,
  encodeChannelData(0x4001, Buffer.alloc(0), true),
]);

function framesOf(chunks: readonly Buffer[]): Buffer[] {
  const found: Buffer[] = [];
  const framer = new TcpFramer();
  for (const chunk of chunks) framer.push(chunk, (frame) => found.push(Buffer.from(frame)));
  return found;
}

describe('TCP framing', () => {
  it('[RFC 8656 12.5] finds the messages wherever the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: stream.length - 1 }), { maxLength: 12 }), (cuts) => {
        const marks = [0, ...new Set(cuts), stream.length].sort((a, b) => a - b);
        const chunks = marks.slice(1).map((end, at) => stream.subarray(marks[at], end));
        expect(framesOf(chunks)).toEqual(frames);
      }),
    );
  });

  it('[RFC 8656 12.5] finds the messages octet by octet', () => {
    expect(framesOf([...stream].map((octet) => Buffer.from([octet])))).toEqual(frames);
  });

  it('takes the longest message', () => {
    const longest = encodeChannelData(0x4000, Buffer.alloc(maxFrameLength - 4), true);
    expect(framesOf([longest])).toEqual([longest]);
  });

  it.each([
    { fault: 'TLS', hex: '160301020001000100' },
    { fault: 'HTTP', hex: Buffer.from('GET / HTTP/1.1\r\n').toString('hex') },
    { fault: 'a STUN length that is no multiple of 4', hex: '000100032112a442' },
    { fault: 'another cookie', hex: '0001000421120000' },
    { fault: 'a STUN message too long', hex: '000140002112a442' },
    { fault: 'a ChannelData message too long', hex: '40003ffd' },
    { fault: 'a first octet of 0x80', hex: '80000000' },
  ])('[RFC 8656 12.5] gives up at $fault', ({ hex }) => {
    expect(() => framesOf([Buffer.from(hex, 'hex')])).toThrow(
      expect.objectContaining({ code: 'ERR_STUN_STREAM_OUT_OF_STEP' }),
    );
  });
});
