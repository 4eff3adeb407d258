/**
 * The log: JSON lines on standard error, one event a line.
 *
 * error: an operator must act; warn: a peer broke a rule; info: registered, called, ended; debug: messages and steps.
 * Nobody passes tokens, Authorization, keys or passwords to it; what slips in under such a name is censored.
 *
 * @module
 */
import { pino } from 'pino';

/** One event. `event` is dotted, from a union of the function's own. */
export interface LogLine<Event extends string = string> {
  readonly event: Event;
  readonly [field: string]: unknown;
}

export interface Logger<Event extends string = string> {
  /** An operator must act: give `cause`, `effect` and `action`. */
  error(line: LogLine<Event> & { readonly effect: string; readonly action: string }): void;
  /** A peer broke a rule. */
  warn(line: LogLine<Event>): void;
  info(line: LogLine<Event>): void;
  debug(line: LogLine<Event>): void;
}

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

const secretNames = ['authorization', 'Authorization', 'password', 'token', 'access_token', 'refresh_token', 'secret'];

/** A logger whose every line carries `function: name`; `write` defaults to standard error. */
export function createLogger(name: string, level: LogLevel, write?: (line: string) => void): Logger {
  const destination = write === undefined ? pino.destination({ fd: 2, sync: true }) : { write };
  const paths = secretNames.flatMap((secret) => [secret, `*.${secret}`]);
  return pino(
    {
      level,
      base: { function: name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { cause: pino.stdSerializers.err },
      redact: { paths, censor: '[removed]' },
    },
    destination,
  );
}
