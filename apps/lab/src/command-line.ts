/**
 * The options of `npm start -- …`.
 *
 * @module
 */
import { parseArgs } from 'node:util';
import { CommandLineInvalid } from './errors.ts';
import { highestOffset } from './ports.ts';

export interface CommandLine {
  readonly portBase: number;
  /** Folder of keys and databases; undefined takes one per port base. */
  readonly stateFolder: string | undefined;
  /** Removes first what earlier labs left in that folder. */
  readonly fresh: boolean;
  /** Trusted W2 origins beside that of the WWSF. */
  readonly origins: readonly string[];
  /** Starts a WAF and a WWSF in a domain of somebody else. */
  readonly partner: boolean;
}

export const usage = `npm start -- [--port-base N] [--state DIR] [--fresh] [--origin URL]… [--partner]

  --port-base N  first of the ports of the lab, from 1024 to ${65_535 - highestOffset}; 8443 unless given
  --state DIR    folder of keys and databases; one per port base below .state unless given
  --fresh        remove first what earlier labs left in that folder, and nothing else
  --origin URL   a further origin that may open W2 connections, e.g. https://app.example.com; may be repeated
  --partner      start a second WAF and WWSF too, in partner.example: a third party (TS 33.203 X.3)
`;

/** @throws {CommandLineInvalid} */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values } = parse(args);
  return {
    portBase: readPortBase(values['port-base'] ?? '8443'),
    stateFolder: readStateFolder(values.state),
    fresh: values.fresh ?? false,
    origins: (values.origin ?? []).map(readOrigin),
    partner: values.partner ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'port-base': { type: 'string' },
        'state': { type: 'string' },
        'fresh': { type: 'boolean' },
        'origin': { type: 'string', multiple: true },
        'partner': { type: 'boolean' },
      },
    });
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('. ')[0] ?? '') : '';
    throw new CommandLineInvalid(reason, { cause });
  }
}

function readPortBase(text: string): number {
  const port = Number(text);
  if (!/^\d+$/u.test(text) || port < 1_024 || port > 65_535 - highestOffset) {
    throw new CommandLineInvalid(`--port-base: expected a number from 1024 to ${65_535 - highestOffset}`);
  }
  return port;
}

function readStateFolder(text: string | undefined): string | undefined {
  if (text !== '') return text;
  throw new CommandLineInvalid('--state: expected a folder that can be written');
}

function readOrigin(text: string): string {
  if (URL.canParse(text) && new URL(text).origin === text && text.startsWith('https://')) return text;
  throw new CommandLineInvalid('--origin: expected scheme, host and port only, e.g. https://app.example.com');
}
