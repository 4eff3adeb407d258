/**
 * What a socket knows of its other end.
 *
 * @module
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { plainAddress } from './address.ts';
import { readCertificateNames } from './certificate-names.ts';
import type { FlowPeer } from './node-flow.ts';

export function peerOf(socket: Socket): FlowPeer {
  const address = plainAddress(socket.remoteAddress ?? '');
  const port = socket.remotePort ?? 0;
  if (!(socket instanceof TLSSocket)) return { address, port, certificateNames: [], tlsSession: undefined };
  const { subjectAltName } = (socket.authorized ? socket.getPeerX509Certificate() : undefined) ?? {};
  const certificateNames = readCertificateNames(subjectAltName);
  return { address, port, certificateNames, tlsSession: tlsSessionOf(socket) };
}

/** Names the TLS session on both ends; session ids no longer do so in TLS 1.3. */
function tlsSessionOf(socket: TLSSocket): string {
  return socket.exportKeyingMaterial(32, 'EXPORTER-wicgate-tls-session', Buffer.alloc(0)).toString('hex');
}
