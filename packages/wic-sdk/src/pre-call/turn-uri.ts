/**
 * What a TURN URI says of its server (RFC 7065 3.1).
 *
 * @module
 */
import type { Relay } from '../wic.ts';

/** Host and port as they are written; UDP unless the URI says otherwise, TLS with `turns`. */
export function readTurnUri(uri: string): Relay {
  const [, scheme = '', server, transport = ''] = /^(turns?):([^?]+)(?:\?transport=(\w+))?/iu.exec(uri) ?? [];
  if (scheme.toLowerCase() === 'turns') return { server, transport: 'TLS' };
  return { server, transport: transport.toLowerCase() === 'tcp' ? 'TCP' : 'UDP' };
}
