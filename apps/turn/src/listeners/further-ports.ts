/**
 * Ports on which clients are served besides the usual ones, so that firewalls let them through (TS 33.203 W.3.5).
 *
 * @module
 */
import { z } from 'zod';
import type { ClientTransport } from './client-flow.ts';

export interface FurtherPort {
  readonly transport: ClientTransport;
  /** 1 to 65535. */
  readonly port: number;
}

const maxPorts = 16;

const transports: ReadonlyMap<string, ClientTransport> = new Map([
  ['udp', 'UDP'],
  ['tcp', 'TCP'],
  ['tls', 'TLS'],
]);

/** A setting such as `udp:443,tcp:80,tls:443`; none when absent. */
export const furtherPortsSetting = z
  .string()
  .default('')
  .transform((text, context) => {
    const entries = text === '' ? [] : text.split(',').map((entry) => entry.trim());
    const message = findFault(entries);
    if (message === undefined) return entries.map(parseFurtherPort).filter((port) => port !== undefined);
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** What was expected instead; undefined: nothing is wrong. */
function findFault(entries: readonly string[]): string | undefined {
  if (entries.length > maxPorts) return `expected at most ${maxPorts} ports`;
  const sockets = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const place = `in entry ${index + 1}, as in udp:443,tcp:80,tls:443`;
    if (!transports.has(entry.split(':')[0] ?? '')) return `expected udp, tcp or tls before the colon ${place}`;
    const further = parseFurtherPort(entry);
    if (further === undefined) return `expected a port from 1 to 65535 after the colon ${place}`;
    if (sockets.has(socketOf(further)))
      return `expected each port once; TCP and TLS cannot share one (entry ${index + 1})`;
    sockets.add(socketOf(further));
  }
  return undefined;
}

function parseFurtherPort(entry: string): FurtherPort | undefined {
  const [name = '', digits = '', ...rest] = entry.split(':');
  const transport = transports.get(name);
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  return transport === undefined || rest.length > 0 || port < 1 || port > 65_535 ? undefined : { transport, port };
}

/** TCP and TLS cannot share a port. */
function socketOf({ transport, port }: FurtherPort): string {
  return `${transport === 'UDP' ? 'UDP' : 'TCP'} ${port}`;
}
