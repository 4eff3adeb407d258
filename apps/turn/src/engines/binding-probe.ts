/**
 * Whether a STUN server answers (RFC 8489 12).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { encodeMessage, method } from '@wicgate/stun';

/** How long a server on the same machine may take. */
const patienceMs = 500;

/** Resolves to true when the answer to a Binding request over UDP has come. */
export function answersBinding(host: string, port: number): Promise<boolean> {
  const transactionId = randomBytes(12);
  const request = encodeMessage(
    { class: 'request', method: method.Binding, transactionId, attributes: [] },
    { integrityKey: undefined, fingerprint: false },
  );
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    const end = (answered: boolean): void => {
      clearTimeout(timer);
      socket.removeAllListeners().on('error', () => undefined);
      socket.close();
      resolve(answered);
    };
    const timer = setTimeout(() => end(false), patienceMs);
    socket.on('error', () => end(false));
    socket.on('message', (octets) => {
      if (octets.subarray(8, 20).equals(transactionId)) end(true);
    });
    socket.send(request, port, host);
  });
}
