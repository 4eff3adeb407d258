/**
 * Spoils messages: octets, tokens, lines, numbers and UTF-8, and mixes them with each other.
 *
 * @module
 */
import { encodeUtf8 } from '../../src/grammar/utf8.ts';
import type { Random } from './random.ts';

const lineFeed = 10;
/** No message grows beyond this: the bound of the parser is met from time to time, not always. */
const maxOctets = 70_000;

const octets = [
  0, 9, 10, 13, 32, 34, 37, 39, 40, 41, 44, 47, 58, 59, 60, 61, 62, 63, 64, 91, 92, 93, 127, 128, 194, 255,
];

const tokens = [
  ...[
    '\r\n',
    '\r\n\r\n',
    '\r\n ',
    '\r\n\t',
    '\r',
    '\n',
    '\0',
    '\\\0',
    '\\"',
    '"',
    '""',
    '<',
    '>',
    '<>',
    '; ',
    ';;',
    ',',
    ',,',
  ],
  ...[
    '=',
    ':',
    '::',
    ' ',
    '\t',
    '?',
    '@',
    '%',
    '%00',
    '%4',
    '%zz',
    '[',
    ']',
    '[::1]',
    '[:::1]',
    '(',
    ')',
    '((',
    '/',
    '*',
  ],
  ...['SIP/2.0', 'SIP/7.0', 'sip/2.0', 'sip:', 'sips:', 'tel:', 'urn:', 'INVITE', 'ACK', 'CANCEL', 'BYE', 'REGISTER'],
  ...['Via: ', 'v: ', 'From: ', 'f: ', 'To: ', 't: ', 'Call-ID: ', 'i: ', 'CSeq: ', 'Contact: ', 'm: ', 'Route: '],
  ...[
    'Content-Length: ',
    'l: ',
    'Content-Type: ',
    'c: multipart/mixed;boundary=a',
    'Max-Forwards: ',
    'Date: ',
    'Expires: ',
  ],
  ...[
    'Authorization: Digest ',
    'WWW-Authenticate: Digest ',
    'Proxy-Authenticate: ',
    'Authentication-Info: ',
    'Bearer ',
  ],
  ...[
    'Require: ',
    'Supported: ',
    'Event: ',
    'Subscription-State: ',
    'Refer-To: ',
    'Replaces: ',
    'Reason: ',
    'Warning: ',
  ],
  ...['P-Asserted-Identity: ', 'P-Charging-Vector: ', 'P-Access-Network-Info: ', 'Privacy: ', 'History-Info: '],
  ...['Security-Client: ', 'Session-Expires: ', 'RAck: ', 'RSeq: ', 'Geolocation: ', 'Identity: ', 'Retry-After: '],
  ...[
    ';tag=',
    ';branch=',
    ';branch=z9hG4bK',
    ';received=',
    ';rport',
    ';lr',
    ';q=',
    ';expires=',
    ';transport=',
    ';maddr=',
  ],
  ...['realm="', 'nonce=', 'qop=', 'algorithm=', '--7a9cbec02ceef655', 'é', '\u{1f600}', '\u2028', '\ufeff', 'İ', 'ſ'],
].map(encodeUtf8);

const numbers = ['', '0', '-1', '+1', '1', '00', '69', '255', '256', '65535', '65536', '2147483647', '2147483648']
  .concat(['4294967295', '4294967296', '9007199254740993', '1e3', '0x10', '36893488147419103232', '9'.repeat(400)])
  .map(encodeUtf8);

/** Octets that are cut out of a character, too long for it, or none of UTF-8 at all. */
const brokenUtf8 = [
  [0xc3],
  [0xe2, 0x82],
  [0xf0, 0x9f, 0x98],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xf5, 0x80],
  [0x80],
].map((list) => Uint8Array.from(list));

export class Mutator {
  readonly #corpus: readonly Uint8Array[];
  readonly #buffer = new Uint8Array(2 * maxOctets);
  #length = 0;

  constructor(corpus: readonly Uint8Array[]) {
    this.#corpus = corpus;
  }

  /** One to four mutations of one message. Valid until the next call. */
  mutate(random: Random): Uint8Array {
    this.#load(random.of(this.#corpus));
    for (let left = 1 + random.below(4); left > 0; left -= 1) this.#mutateOnce(random);
    return this.#buffer.subarray(0, this.#length);
  }

  #mutateOnce(random: Random): void {
    const at = random.below(this.#length + 1);
    const some = 1 + random.below(random.below(8) === 0 ? 200 : 8);
    switch (random.below(12)) {
      case 0:
        this.#buffer[at] = (this.#buffer[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        this.#buffer[at] = random.of(octets);
        break;
      case 2:
        this.#replace(at, some, none);
        break;
      case 3:
        this.#replace(at, 0, this.#buffer.slice(at, Math.min(at + some, this.#length)));
        break;
      case 4:
        this.#replace(at, 0, random.of(tokens));
        break;
      case 5:
        this.#replace(at, some, random.of(tokens));
        break;
      case 6:
        this.#mutateLine(random, at);
        break;
      case 7:
        this.#mutateNumber(random, at);
        break;
      case 8:
        this.#replace(at, 0, random.of(brokenUtf8));
        break;
      case 9:
        this.#splice(random, at);
        break;
      case 10:
        this.#borrowLine(random, at);
        break;
      default:
        this.#repeat(random, at, some);
    }
  }

  /** Doubles a line, takes it away, or moves it to the end of the next. */
  #mutateLine(random: Random, at: number): void {
    const [start, end] = lineAt(this.#buffer.subarray(0, this.#length), at);
    const line = this.#buffer.slice(start, end);
    const choice = random.below(3);
    if (choice === 0) this.#replace(start, 0, line);
    else this.#replace(start, line.length, none);
    if (choice === 2) this.#replace(lineAt(this.#buffer.subarray(0, this.#length), start)[1], 0, line);
  }

  /** Puts another number in the place of the next one. */
  #mutateNumber(random: Random, at: number): void {
    let start = at;
    while (start < this.#length && !isDigit(this.#buffer[start])) start += 1;
    let end = start;
    while (end < this.#length && isDigit(this.#buffer[end])) end += 1;
    this.#replace(start, end - start, random.of(numbers));
  }

  /** Goes on with the rest of another message. */
  #splice(random: Random, at: number): void {
    const other = random.of(this.#corpus);
    this.#length = at;
    this.#replace(at, 0, other.subarray(random.below(other.length)));
  }

  /** Takes a line of another message in. */
  #borrowLine(random: Random, at: number): void {
    const other = random.of(this.#corpus);
    const [start, end] = lineAt(other, random.below(other.length));
    this.#replace(lineAt(this.#buffer.subarray(0, this.#length), at)[0], 0, other.subarray(start, end));
  }

  /** Repeats some octets, now and then very often: what is not linear shows. */
  #repeat(random: Random, at: number, some: number): void {
    const piece = this.#buffer.slice(at, Math.min(at + some, this.#length));
    const times = random.below(64) === 0 ? 2_000 : random.below(16);
    const repeated = new Uint8Array(Math.min(piece.length * times, maxOctets));
    for (let to = 0; to + piece.length <= repeated.length && piece.length > 0; to += piece.length) {
      repeated.set(piece, to);
    }
    this.#replace(at, 0, repeated);
  }

  #load(message: Uint8Array): void {
    this.#buffer.set(message);
    this.#length = message.length;
  }

  #replace(at: number, removed: number, inserted: Uint8Array): void {
    const end = Math.min(at + removed, this.#length);
    const length = this.#length - (end - at) + inserted.length;
    if (length > maxOctets) return;
    this.#buffer.copyWithin(at + inserted.length, end, this.#length);
    this.#buffer.set(inserted, at);
    this.#length = length;
  }
}

const none = new Uint8Array(0);

/** Where the line at `at` starts and where it ends, its line end counted in. */
function lineAt(message: Uint8Array, at: number): readonly [start: number, end: number] {
  const start = at === 0 ? 0 : message.lastIndexOf(lineFeed, at - 1) + 1;
  const end = message.indexOf(lineFeed, at);
  return [start, end < 0 ? message.length : end + 1];
}

function isDigit(octet: number | undefined): boolean {
  return octet !== undefined && octet >= 48 && octet <= 57;
}
