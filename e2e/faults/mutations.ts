/**
 * Broken variants of well-formed SIP messages, the same ones in every run.
 *
 * @module
 */

const seeds = [
  [
    'REGISTER sip:ims.example SIP/2.0',
    'Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks',
    'Max-Forwards: 70',
    'From: <sip:alice@ims.example>;tag=asdyka899',
    'To: <sip:alice@ims.example>',
    'Call-ID: asidkj3ss',
    'CSeq: 1 REGISTER',
    'Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>;reg-id=1;+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>"',
    'Authorization: Bearer access_token="eyJhbGciOiJFUzI1NiJ9.e30.c2ln"',
    'Expires: 600000',
    'Supported: path, gruu, outbound',
    'Content-Length: 0',
    '',
    '',
  ],
  [
    'INVITE sip:bob@ims.example SIP/2.0',
    'Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK74bf9',
    'Max-Forwards: 70',
    'Route: <sip:orig@127.0.0.1:8453;transport=tls;lr>',
    'From: "Alice" <sip:alice@ims.example>;tag=9fxced76sl',
    'To: <sip:bob@ims.example>',
    'Call-ID: 3848276298220188511',
    'CSeq: 1 INVITE',
    'Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>',
    'Content-Type: application/sdp',
    'Content-Length: 29',
    '',
    'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n',
  ],
  [
    'SIP/2.0 200 OK',
    'Via: SIP/2.0/TLS 127.0.0.1:8449;branch=z9hG4bKnashds8;received=127.0.0.1',
    'From: <sip:alice@ims.example>;tag=1',
    'To: <sip:bob@ims.example>;tag=2',
    'Call-ID: 3848276298220188511',
    'CSeq: 314159 INVITE',
    'Record-Route: <sip:127.0.0.1:8453;transport=tls;lr>',
    'Content-Length: 0',
    '',
    '',
  ],
].map((lines) => lines.join('\r\n'));

const noise = [
  '\0',
  '\r\n',
  '\r\n ',
  ',',
  ';',
  '<',
  '>',
  '"',
  '%',
  '\\',
  ':',
  '@',
  '999999999999',
  '💥',
  ' '.repeat(300),
  'a'.repeat(2_000),
  '\r\nVia: x',
];

/** `count` messages, each with one to four faults. */
export function* mutatedMessages(count: number, seed: number): Generator<Buffer> {
  const random = createRandom(seed);
  for (let made = 0; made < count; made += 1) {
    let text = seeds[random(seeds.length)] ?? '';
    for (let faults = 1 + random(4); faults > 0; faults -= 1) text = damage(text, random);
    yield Buffer.from(text);
  }
}

/** The same within the values of header fields: the border to the next message stays, so a connection carries many. */
export function* mutatedWithinBorders(count: number, seed: number): Generator<Buffer> {
  const random = createRandom(seed);
  for (let made = 0; made < count; made += 1) {
    const [head = '', body = ''] = (seeds[random(seeds.length)] ?? '').split('\r\n\r\n');
    const lines = head.split('\r\n');
    for (let faults = 1 + random(4); faults > 0; faults -= 1) {
      const at = 1 + random(lines.length - 2);
      const [name = '', ...value] = (lines[at] ?? '').split(': ');
      lines[at] = `${name}: ${damage(value.join(': '), random).replaceAll(/[\r\n]/gu, ' ')}`;
    }
    yield Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
  }
}

function damage(text: string, random: (below: number) => number): string {
  const at = random(text.length);
  const length = random(40);
  const kinds = [
    () => text.slice(0, at) + text.slice(at + length),
    () => text.slice(0, at) + text.slice(at, at + length) + text.slice(at),
    () => text.slice(0, at) + (noise[random(noise.length)] ?? '') + text.slice(at),
    () => text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + 1),
    () => text.slice(0, at),
  ];
  return (kinds[random(kinds.length)] ?? (() => text))();
}

/** A small linear congruential generator: same seed, same messages. */
function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
