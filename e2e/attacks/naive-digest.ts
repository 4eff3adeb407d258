/**
 * Digest servers that forget or overlook something: what the S-CSCF refuses, they let in.
 *
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';
import { DigestServer, type DigestServerOptions, type NonceSource, type SipRequest } from '@wicgate/sip';

/** Takes every nonce for one of its own, made just now. */
const everyNonce: NonceSource = {
  create: () => 'any',
  check: () => ({ state: 'current', issuedAtMs: 1, isOld: false }),
};

/** Whether such a server lets `request` in. Each time it is a new one: it remembers no nonce count. */
export function isLetIn(request: SipRequest, ha1: string, options: Partial<DigestServerOptions> = {}): boolean {
  const server = new DigestServer({
    realm: 'ims.example',
    nonces: everyNonce,
    random: (length) => randomBytes(length),
    isSameTarget: () => true,
    ...options,
  });
  return server.authenticate(request, () => ha1).kind === 'accepted';
}

/** H(A1) of `user` (RFC 7616 3.4.2). */
export function ha1Of(user: string, password: string | Uint8Array, hash: 'md5' | 'sha256'): string {
  return createHash(hash).update(`${user}@ims.example:ims.example:`).update(password).digest('hex');
}
