import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { formatMessage } from '../messages/format-message.ts';
import { exampleOctets, invitationExamples, registrationExamples } from '../testing/rfc3261-examples.ts';
import { type StreamEvent, StreamFramer } from './stream-framer.ts';

const head = 'OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\n';
const messages = [...registrationExamples, ...invitationExamples].map(exampleOctets);

/** What comes of chunks: messages as text, keep-alives as their names. */
function read(chunks: readonly Uint8Array[], framer = new StreamFramer()): readonly string[] {
  return chunks.flatMap((chunk) => [...framer.push(chunk)].map(nameOf));
}

function nameOf(event: StreamEvent): string {
  return event.type === 'message' ? String.fromCharCode(...formatMessage(event.message)) : event.type;
}

const text = (octets: Uint8Array): string => String.fromCharCode(...octets);

describe('StreamFramer', () => {
  it('[RFC 3261 18.3] gives the same events however the stream is cut', () => {
    const keepAlives = ['\r\n', '\r\n\r\n'].map(encodeUtf8);
    const parts = fc.array(fc.constantFrom(...messages, ...keepAlives), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(parts, fc.array(fc.nat(), { maxLength: 40 }), (stream, seeds) => {
        const octets = concat(stream);
        const cuts = seeds.map((seed) => seed % (octets.length + 1)).toSorted((a, b) => a - b);
        const chunks = [0, ...cuts].map((cut, index) => octets.slice(cut, cuts[index] ?? octets.length));
        expect(read(chunks)).toEqual(read([octets]));
      }),
    );
  });

  it('[RFC 3261 18.3] reads octet by octet', () => {
    const octets = concat(messages);
    expect(read(Array.from(octets, (octet) => Uint8Array.of(octet)))).toEqual(messages.map(text));
  });

  it('[RFC 3261 18.3] keeps a body that a later chunk does not overwrite', () => {
    const framer = new StreamFramer();
    const first = encodeUtf8(`${head}l: 3\r\n\r\nab`);
    expect([...framer.push(first)]).toEqual([]);
    const [event] = [...framer.push(encodeUtf8(`c${head}l: 3\r\n\r\nxx`))];
    const rest = [...framer.push(encodeUtf8('x'))];
    expect(event === undefined ? '' : nameOf(event)).toMatch(/abc$/u);
    expect(rest.map(nameOf)[0]).toMatch(/xxx$/u);
  });

  it.each([
    { source: 'a pong', chunks: ['\r\n'], events: ['pong'] },
    { source: 'a ping, whose first half looks like a pong', chunks: ['\r\n\r\n'], events: ['pong', 'ping'] },
    { source: 'a ping in two', chunks: ['\r\n', '\r\n'], events: ['pong', 'ping'] },
    { source: 'a ping in four', chunks: ['\r', '\n', '\r', '\n'], events: ['pong', 'ping'] },
    { source: 'two pings', chunks: ['\r\n\r\n\r\n\r\n'], events: ['pong', 'ping', 'pong', 'ping'] },
    { source: 'half a pong', chunks: ['\r'], events: [] },
    { source: 'nothing', chunks: [''], events: [] },
  ])('[RFC 5626 3.5.1] knows $source', ({ chunks, events }) => {
    expect(read(chunks.map(encodeUtf8))).toEqual(events);
  });

  it.each([
    { source: 'compact', line: 'l: 2' },
    { source: 'with spaces', line: 'CONTENT-LENGTH \t:   2  ' },
    { source: 'folded', line: 'Content-Length:\r\n 2' },
    { source: 'after a fold that only looks like one', line: 'Subject: x\r\n Content-Length: 9\r\nl: 2' },
  ])('[RFC 3261 20.14] finds Content-Length $source', ({ line }) => {
    expect(read([encodeUtf8(`${head}${line}\r\n\r\nab\r\n`)])).toEqual([`${head}${line}\r\n\r\nab`, 'pong']);
  });

  it.each([
    { fault: 'no Content-Length', tail: '\r\n', code: 'HEADER_MISSING' },
    { fault: 'two', tail: 'l: 0\r\nContent-Length: 0\r\n\r\n', code: 'HEADER_MISSING' },
    { fault: 'a negative one', tail: 'Content-Length: -1\r\n\r\n', code: 'HEADER_MALFORMED' },
    { fault: 'one that is no number', tail: 'Content-Length: 0x1\r\n\r\n', code: 'HEADER_MALFORMED' },
    { fault: 'one with a tail', tail: 'Content-Length: 1;a\r\n\r\n', code: 'HEADER_MALFORMED' },
    { fault: 'one of 4 GB', tail: 'Content-Length: 4294967295\r\n\r\n', code: 'MESSAGE_TOO_LARGE' },
    { fault: 'one just too high', tail: 'Content-Length: 65536\r\n\r\n', code: 'MESSAGE_TOO_LARGE' },
    { fault: 'a broken header field', tail: 'x\r\nl: 0\r\n\r\n', code: 'MESSAGE_MALFORMED' },
  ])('[RFC 3261 18.3] refuses $fault, at once', ({ tail, code }) => {
    expect(() => read([encodeUtf8(head + tail)])).toThrow(expect.objectContaining({ code: `ERR_SIP_${code}` }));
  });

  it.each([
    { fault: 'CR without LF', stream: '\rx' },
    { fault: 'HTTP', stream: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n' },
  ])('[RFC 3261 7.5] refuses $fault', ({ stream }) => {
    expect(() => read([encodeUtf8(stream)])).toThrow(expect.objectContaining({ code: 'ERR_SIP_MESSAGE_MALFORMED' }));
  });

  it('[RFC 3261 18.3] shows what waits for more, also after an error', () => {
    const framer = new StreamFramer();
    const whole = `${head}l: 0\r\n\r\n`;
    const push = (chunk: string): number => read([encodeUtf8(chunk)], framer).length;
    expect([push(`${whole}${head}`), text(framer.waiting)]).toEqual([1, head]);
    expect([push('l: 0\r\n\r\n'), text(framer.waiting)]).toEqual([1, '']);
    push(head);
    expect(() => push(`x\r\n\r\nand more`)).toThrow(expect.objectContaining({ code: 'ERR_SIP_MESSAGE_MALFORMED' }));
    expect(text(framer.waiting)).toBe(`${head}x\r\n\r\nand more`);
  });

  it('[RFC 3261 21.5.7] bounds what waits for an end that never comes', () => {
    const framer = new StreamFramer({ messageOctets: 1_000, headerFields: 10, headerFieldCharacters: 900 });
    expect(() => {
      for (let chunk = 0; chunk < 11; chunk += 1) read([encodeUtf8('x'.repeat(100))], framer);
    }).toThrow(expect.objectContaining({ code: 'ERR_SIP_MESSAGE_TOO_LARGE' }));
  });

  it('[RFC 3261 18.3] lets a large chunk of small messages through', () => {
    const octets = encodeUtf8(`${head}l: 0\r\n\r\n`.repeat(2_000));
    expect(octets.length).toBeGreaterThan(65_536);
    expect(read([octets])).toHaveLength(2_000);
  });
});

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const octets = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    octets.set(part, at);
    at += part.length;
  }
  return octets;
}
