/**
 * The setting that names the servers which take over while this one is drained.
 *
 * @module
 */
import { isIP } from 'node:net';
import type { Endpoint } from '@wicgate/stun';
import { z } from 'zod';

const maxServers = 64;

/** `address:port`, IPv6 in brackets, comma separated; none when absent. A client is told addresses, never names. */
export const alternateServersSetting = z
  .string()
  .default('')
  .transform((text, context) => {
    const entries = text.split(',').map((entry) => entry.trim());
    const servers = entries.slice(0, maxServers).map((entry) => (entry === '' ? 'none' : parseServer(entry)));
    const wrong = servers.indexOf(undefined);
    if (wrong < 0 && entries.length <= maxServers) {
      return servers.filter((server) => typeof server === 'object');
    }
    const expected = `at most ${maxServers} of the form 192.0.2.1:3478 or [2001:db8::1]:3478`;
    context.addIssue({
      code: 'custom',
      message: `entry ${wrong < 0 ? maxServers + 1 : wrong + 1}: expected ${expected}`,
    });
    return z.NEVER;
  });

function parseServer(text: string): Endpoint | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text);
  const address = match?.[1] ?? match?.[2] ?? '';
  const port = Number(match?.[3]);
  const version = match?.[1] === undefined ? 4 : 6;
  if (isIP(address) !== version || !(port >= 1 && port <= 65_535)) return undefined;
  return { family: version === 4 ? 'IPv4' : 'IPv6', address, port };
}
