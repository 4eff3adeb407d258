/**
 * What engines other than our own do not do, and why. A case named here must fail: when an engine has learned it, its
 * test fails, and the line goes.
 *
 * @module
 */
import type { EngineName } from '../engine-name.ts';
import { coturnDefects } from './known-defects-coturn.ts';
import { nodeTurnDefects } from './known-defects-node-turn.ts';

export interface Defect {
  readonly because: string;
  /** What the cases say: the whole sentence, or how it starts, with dots at the end. */
  readonly cases: readonly string[];
}

const defects: Readonly<Record<EngineName, readonly Defect[]>> = {
  'builtin': [],
  'coturn': coturnDefects,
  'node-turn': nodeTurnDefects,
};

/** Why the engine fails the case; undefined where it passes. */
export function knownDefect(engine: EngineName, says: string): string | undefined {
  return defects[engine].find(({ cases }) => cases.some((sentence) => isMeant(sentence, says)))?.because;
}

function isMeant(sentence: string, says: string): boolean {
  return sentence.endsWith('...') ? says.startsWith(sentence.slice(0, -3)) : says === sentence;
}
