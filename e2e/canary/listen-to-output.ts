/**
 * What anything in this process prints, past the log.
 *
 * @module
 */
import type { Evidence } from './evidence.ts';

type Write = typeof process.stdout.write;

/** It is printed all the same. The returned function ends it. */
export function listenToOutput(evidence: Evidence): () => void {
  const ends = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write.bind(stream);
    const listening = ((chunk: string | Uint8Array, ...rest: []) => {
      evidence.add('output', 'output', chunk);
      return write(chunk, ...rest);
    }) as Write;
    stream.write = listening;
    return () => {
      stream.write = write;
    };
  });
  return () => {
    for (const end of ends) end();
  };
}
