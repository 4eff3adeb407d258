import fc from 'fast-check';
import { describe, it } from 'vitest';
import { exercise, exerciseAnswer, exerciseStream } from './fuzz/exercise.ts';
import { Mutator } from './fuzz/mutator.ts';
import { Random } from './fuzz/random.ts';
import { richMessages } from './fuzz/rich-messages.ts';
import { readVector, vectorNames } from './vectors.ts';

const vectors = (['rfc4475', 'rfc5118'] as const).flatMap((rfc) =>
  vectorNames(rfc).map((name) => readVector(rfc, name)),
);
const corpus = [...vectors, ...richMessages];
const mutator = new Mutator(corpus);

describe('mutated messages', () => {
  it('[RFC 4475 2] end in a SipError, or are a fixed point of parse and format', () => {
    const property = fc.property(fc.nat(), (seed) => {
      exercise(mutator.mutate(new Random(seed)));
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it('[RFC 3261 18.3] give the same events however a stream is cut', () => {
    const property = fc.property(fc.nat(), (seed) => {
      const random = new Random(seed);
      exerciseStream(mutator.mutate(random), random);
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it('[RFC 3261 8.2.7] get answers that are messages', () => {
    const property = fc.property(fc.nat(), (seed) => {
      exerciseAnswer(mutator.mutate(new Random(seed)));
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});
