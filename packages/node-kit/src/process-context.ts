/**
 * What a function is handed when it starts, alone or in the lab.
 *
 * @module
 */
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { createLogger, type Logger, type LogLevel } from './logger.ts';
import type { Operations } from './operations.ts';

export interface ProcessContext {
  readonly log: Logger;
  /** Metrics and readiness of the process this function runs in. */
  readonly operations: Operations;
  /** A keyed hash of a private identity, 16 hexadecimal digits, stable while the process lives: what the log shows. */
  readonly hashIdentity: (impi: string) => string;
}

/** A started function. */
export interface RunningFunction {
  /** Stops taking work, lets what runs end, closes everything. Resolves within 5 s, or within `stopWithinMs`. */
  stop(): Promise<void>;
  /** Given where an operator configured that what runs is waited for longer. */
  readonly stopWithinMs?: number;
}

const identityKey = createSecretKey(randomBytes(32));

export function createProcessContext(
  functionName: string,
  { operations, level, write }: { operations: Operations; level: LogLevel; write?: (line: string) => void },
): ProcessContext {
  return {
    log: createLogger(functionName, level, write),
    operations,
    hashIdentity: (impi) => createHmac('sha256', identityKey).update(impi).digest('hex').slice(0, 16),
  };
}
