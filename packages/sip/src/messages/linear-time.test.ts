import { describe, expect, it } from 'vitest';
import { SipError } from '../errors.ts';
import { StreamFramer } from '../framing/stream-framer.ts';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { readCSeq } from '../headers/cseq.ts';
import { readNameAddr } from '../headers/name-addr.ts';
import { readVia } from '../headers/via.ts';
import { answerBroken } from './answer-broken.ts';
import { checkMessage } from './check-message.ts';
import { createResponse } from './create-response.ts';
import { formatMessage } from './format-message.ts';
import { isRequest, type SipMessage } from './message.ts';
import type { MessageLimits } from './message-limits.ts';
import { parseMessage } from './parse-message.ts';

/** Wide open: what is shown must not hold by the limits only. */
const limits: MessageLimits = {
  messageOctets: 1e9,
  headerFields: 1e9,
  headerFieldCharacters: 1e9,
  parameters: 1e9,
  nesting: 1e9,
};
const start = 'OPTIONS sip:a@b SIP/2.0\r\n';

interface Attack {
  readonly name: string;
  /** How large the smallest is. */
  readonly size: number;
  /** What is done to an input of `size`; all that can be prepared is prepared outside the function it gives back. */
  readonly prepare: (size: number) => () => unknown;
}

/** Reads the message that `text` makes of a size, and then does more with it. */
function reading(
  text: (size: number) => string,
  then: (message: SipMessage) => unknown = () => undefined,
): Attack['prepare'] {
  return (size) => {
    const octets = encodeUtf8(text(size));
    return () => then(parseMessage(octets, limits));
  };
}

const attacks: readonly Attack[] = [
  {
    name: 'empty lines before the start line',
    size: 4_000,
    prepare: reading((n) => `${'\r\n'.repeat(n)}${start}\r\n`),
  },
  { name: 'only empty lines', size: 4_000, prepare: reading((n) => '\r\n'.repeat(n)) },
  { name: 'a start line without end', size: 8_000, prepare: reading((n) => 'x'.repeat(n)) },
  {
    name: 'a version of many digits',
    size: 8_000,
    prepare: reading((n) => `ACK sip:a SIP/2.${'0'.repeat(n)}\r\n\r\n`),
  },
  { name: 'a version of many dots', size: 8_000, prepare: reading((n) => `ACK sip:a SIP/${'2.'.repeat(n)}\r\n\r\n`) },
  { name: 'a scheme without colon', size: 8_000, prepare: reading((n) => `ACK ${'a'.repeat(n)} SIP/2.0\r\n\r\n`) },
  { name: 'a name without colon', size: 8_000, prepare: reading((n) => `${start}${'a'.repeat(n)}\r\n\r\n`) },
  { name: 'bare carriage returns', size: 8_000, prepare: reading((n) => `${start}A: ${'\r'.repeat(n)}\r\n\r\n`) },
  {
    name: 'letters beyond ASCII',
    size: 4_000,
    prepare: reading(
      (n) => `${start}Subject: ${'é'.repeat(n)}\r\n\r\n`,
      ({ headers }) => headers.first('Subject'),
    ),
  },
  {
    name: 'folds',
    size: 2_000,
    prepare: reading(
      (n) => `${start}Subject: a${'\r\n b'.repeat(n)}\r\n\r\n`,
      ({ headers }) => headers.first('Subject'),
    ),
  },
  {
    name: 'folds with nothing in them',
    size: 2_000,
    prepare: reading(
      (n) => `${start}Subject: a${'\r\n '.repeat(n)}\r\n\r\n`,
      ({ headers }) => headers.all('Subject'),
    ),
  },
  {
    name: 'white space around a value',
    size: 4_000,
    prepare: reading(
      (n) => `${start}Subject:${' '.repeat(n)}a${'\t'.repeat(n)}\r\n\r\n`,
      ({ headers }) => headers.first('s'),
    ),
  },
  {
    name: 'commas',
    size: 4_000,
    prepare: reading((n) => `${start}Route: ${','.repeat(n)}<sip:a>\r\n\r\n`, useRoutes),
  },
  {
    name: 'commas with white space between',
    size: 4_000,
    prepare: reading((n) => `${start}Route: ${' ,\t'.repeat(n)}\r\nRoute: ${'<a>,'.repeat(n)}\r\n\r\n`, useRoutes),
  },
  {
    name: 'commas in a bracket that does not close',
    size: 4_000,
    prepare: reading((n) => `${start}Route: <${','.repeat(n)}\r\nRoute: "${',"<'.repeat(n)}\r\n\r\n`, useRoutes),
  },
  {
    name: 'header fields of one name',
    size: 1_000,
    prepare: reading((n) => `${start}${'Route: <sip:a>\r\n'.repeat(n)}\r\n`, useRoutes),
  },
  {
    name: 'empty header fields of one name',
    size: 1_000,
    prepare: reading((n) => `${start}${'Route:\r\n'.repeat(n)}\r\n`, useRoutes),
  },
  {
    name: 'header fields whose names only look alike',
    size: 1_000,
    prepare: reading((n) => `${start}${'Rxxxe: <sip:a>\r\n'.repeat(n)}\r\n`, useRoutes),
  },
  {
    name: 'escapes in a name',
    size: 4_000,
    prepare: reading((n) => `${start}From: "${'\\"'.repeat(n)}" <sip:a@b>\r\n\r\n`, readFrom),
  },
  {
    name: 'a quote that does not close',
    size: 4_000,
    prepare: reading((n) => `${start}From: "${'\\"'.repeat(n)}\r\n\r\n`, readFrom),
  },
  {
    name: 'brackets that do not close',
    size: 4_000,
    prepare: reading((n) => `${start}From: ${'<'.repeat(n)}\r\n\r\n`, readFrom),
  },
  {
    name: 'a name of many words',
    size: 4_000,
    prepare: reading((n) => `${start}From: ${'a '.repeat(n)}<sip:a>\r\n\r\n`, readFrom),
  },
  {
    name: 'parameters',
    size: 1_000,
    prepare: reading(
      (n) => `${start}From: <sip:a>${Array.from({ length: n }, (_, at) => `;p${at}=1`).join('')}\r\n\r\n`,
      readFrom,
    ),
  },
  {
    name: 'parameters in capitals and spaces',
    size: 1_000,
    prepare: reading(
      (n) => `${start}From: <sip:a>${Array.from({ length: n }, (_, at) => ` ; P${at} = "1"`).join('')}\r\n\r\n`,
      readFrom,
    ),
  },
  {
    name: 'a host of many dots',
    size: 4_000,
    prepare: reading(
      (n) => `${start}Via: SIP/2.0/TCP ${'a.'.repeat(n)};b\r\n\r\n`,
      ({ headers }) => readVia(headers, limits),
    ),
  },
  {
    name: 'a number of many digits',
    size: 4_000,
    prepare: reading(
      (n) => `${start}CSeq: ${'0'.repeat(n)}1 ACK\r\n\r\n`,
      ({ headers }) => readCSeq(headers),
    ),
  },
  { name: 'a check of many hops', size: 1_000, prepare: reading(manyHops, (message) => checkMessage(message, limits)) },
  {
    name: 'a response to many hops',
    size: 1_000,
    prepare: reading(
      manyHops,
      (message) => isRequest(message) && formatMessage(createResponse(message, 200, { toTag: 'x' })),
    ),
  },
  {
    name: 'an answer to many broken lines',
    size: 1_000,
    prepare: (n) => {
      const octets = encodeUtf8(manyHops(n).replace('Call-ID', 'Call ID'));
      const error = new SipErrorOfTest();
      return () => answerBroken(octets, error, { toTag: 'x' });
    },
  },
  {
    name: 'a stream in single octets',
    size: 1_000,
    prepare: (n) => {
      const octets = encodeUtf8(`${start}${'a: \r\n'.repeat(n)}`);
      return () => {
        const framer = new StreamFramer(limits);
        for (let at = 0; at < octets.length; at += 1) for (const _ of framer.push(octets.subarray(at, at + 1)));
      };
    },
  },
];

class SipErrorOfTest extends SipError {
  readonly code = 'ERR_SIP_TEST';
  readonly statusCode = 400;
}

function manyHops(n: number): string {
  const vias = 'Via: SIP/2.0/TCP a;branch=z9hG4bK1\r\n'.repeat(n);
  return `${start}${vias}From: <sip:a>;tag=1\r\nTo: <sip:b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n`;
}

function useRoutes({ headers }: SipMessage): unknown {
  const changed = headers.withoutFirst('Route').replaceFirst('Route', '<sip:x>').without('From').set('To', 'x');
  return [
    headers.first('Route'),
    headers.all('Route'),
    headers.count('Route'),
    headers.has('Path'),
    changed.toString(),
  ];
}

function readFrom({ headers }: SipMessage): unknown {
  return readNameAddr(headers, 'From', limits);
}

/** Milliseconds a run takes, the least of a few: what else the machine does only adds to it. */
function leastTime(run: () => unknown): number {
  return Math.min(...Array.from({ length: 3 }, () => averageTime(run)));
}

/** Over as many runs as last long enough for a clock that shows tenths of a millisecond only, as browsers' do. */
function averageTime(run: () => unknown): number {
  for (let count = 1; ; count *= 2) {
    const begin = performance.now();
    for (let turn = 0; turn < count; turn += 1) attempt(run);
    const took = performance.now() - begin;
    if (took >= shortestMs) return took / count;
  }
}

function attempt(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
  }
}

const shortestMs = 4;
const growth = 16;

describe('time', () => {
  // 16 times the input takes 16 times as long where time is linear, 256 times where it is the square.
  it.each(attacks)('[RFC 3261 21.5.7] grows as the message does: $name', ({ size, prepare }) => {
    const small = prepare(size);
    const large = prepare(growth * size);
    leastTime(small);
    let ratio = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 5 && ratio > 4 * growth; tries += 1) {
      ratio = Math.min(ratio, leastTime(large) / leastTime(small));
    }
    expect(ratio).toBeLessThan(4 * growth);
  });
});
