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
    const entries = text === '' ? [] : text.split(',').map((entry) => parseFurtherPort(entry.trim()));
    const ports = entries.filter((entry) => entry !== undefined);
    const isRepeated = new Set(ports.map(socketOf)).size < ports.length;
    if (ports.length === entries.length && ports.length <= maxPorts && !isRepeated) return ports;
    context.addIssue({
      code: 'custom',
      message: `expected at most ${maxPorts} different ports such as udp:443,tcp:80,tls:443`,
    });
    return z.NEVER;
  });

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
