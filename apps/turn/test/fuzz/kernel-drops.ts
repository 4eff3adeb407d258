/**
 * What the kernel dropped because a socket's buffer was full: no relay can help that.
 *
 * @module
 */
import { readFileSync } from 'node:fs';

/** Datagrams dropped before the IPv4 UDP sockets on these local ports; undefined where the system does not tell. */
export function kernelDrops(ports: ReadonlySet<number>): number | undefined {
  let table: string;
  try {
    table = readFileSync('/proc/net/udp', 'utf8');
  } catch {
    return undefined;
  }
  const rows = table.trim().split('\n').slice(1);
  const fields = rows.map((row) => row.trim().split(/\s+/u));
  const own = fields.filter(([, local = '']) => ports.has(Number.parseInt(local.split(':')[1] ?? '', 16)));
  return own.reduce((sum, row) => sum + Number(row.at(-1)), 0);
}
