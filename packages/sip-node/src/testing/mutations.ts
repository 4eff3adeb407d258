/**
 * Messages with faults in them, the same ones each time.
 *
 * @module
 */

/** Mulberry32: numbers from 0 up to 1 that depend on `seed` alone. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const splices = [
  '\r\n',
  '\r\n\r\n',
  ',',
  ';',
  '"',
  '<',
  '>',
  '\0',
  ':',
  '%',
  'é',
  '\uffff',
  '9'.repeat(30),
  ' '.repeat(300),
];

/** `count` variants of `text`, each with one to five octets flipped, cut out, doubled or put in. */
export function mutations(text: string, count: number, seed: number): readonly Uint8Array[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    let octets = Buffer.from(text);
    for (let faults = 1 + Math.floor(random() * 5); faults > 0; faults -= 1) octets = mutate(octets, random);
    return octets;
  });
}

function mutate(octets: Buffer<ArrayBuffer>, random: () => number): Buffer<ArrayBuffer> {
  const at = Math.floor(random() * octets.length);
  const length = Math.floor(random() * 20);
  const part = octets.subarray(at, at + length);
  const [before, after] = [octets.subarray(0, at), octets.subarray(at + length)];
  switch (Math.floor(random() * 4)) {
    case 0: {
      const flipped = Buffer.from(octets);
      if (at < flipped.length) flipped[at] = Math.floor(random() * 256);
      return flipped;
    }
    case 1:
      return Buffer.concat([before, after]);
    case 2:
      return Buffer.concat([before, part, part, after]);
    default:
      return Buffer.concat([
        before,
        Buffer.from(splices[Math.floor(random() * splices.length)] ?? ''),
        octets.subarray(at),
      ]);
  }
}
